from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ml.records import Decision, to_json
from plugins import draw, failures

pytestmark = pytest.mark.integration


def context(key: str | None = None, day: str | None = None, decided: date | None = None) -> dict[str, Any]:
    decision = to_json(Decision(pipeline="tiny", day=decided, retrain=True)) if decided else None
    dag_run = SimpleNamespace(partition_key=key, run_after=datetime(2013, 6, 10, 14, tzinfo=UTC))
    return {"dag_run": dag_run, "params": {"data_day": day}, "ti": SimpleNamespace(xcom_pull=lambda task_ids: decision)}


@pytest.mark.parametrize("make", [draw.nightly, draw.retrain])
def test_it_waits_for_every_other_task_and_does_not_colour_the_run(make, pipeline):
    dag = make(pipeline)
    last = dag.get_task(failures.TELL)
    assert last.is_teardown
    assert not last.on_failure_fail_dagrun
    assert dag.leaves == [last]
    assert last.get_flat_relative_ids(upstream=True) == set(dag.task_ids) - {failures.TELL}


@pytest.mark.parametrize("make", [draw.nightly, draw.retrain])
def test_it_has_the_patience_of_every_task(make, pipeline):
    last = make(pipeline).get_task(failures.TELL)
    assert last.retries == 5
    assert last.execution_timeout


def test_a_failed_retrain_is_about_the_day_of_its_decision(pipeline):
    assert failures.day_of(context(decided=date(2013, 6, 7)), pipeline, "retrain") == date(2013, 6, 7)


def test_a_run_that_failed_before_it_knew_its_day_is_about_the_named_one(pipeline):
    assert failures.day_of(context(key="2013-06-01"), pipeline, "retrain") == date(2013, 6, 1)
    assert failures.day_of(context(day="2013-06-02"), pipeline, "nightly") == date(2013, 6, 2)


@pytest.mark.parametrize("named", [{}, {"key": "last-night"}, {"key": "2013-06-01", "day": "2013-06-02"}])
def test_a_day_that_cannot_be_read_is_no_second_failure(named, pipeline):
    assert failures.day_of(context(**named), pipeline, "nightly") == date(2013, 6, 9)
