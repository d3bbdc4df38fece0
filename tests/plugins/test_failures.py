from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from ml import steps
from ml.config import load_pipeline
from ml.errors import ConfigError, DataError
from ml.past import newest_run
from ml.records import Decision, to_json
from ml.walker import perform
from ml.workspace import Workspace
from plugins import draw, failures
from tests import served

pytestmark = pytest.mark.integration

NO_PLACE: Any = None  # the day is known without looking into the ledger


def context(key: str | None = None, day: str | None = None, decided: date | None = None) -> dict[str, Any]:
    decision = to_json(Decision(pipeline="tiny", day=decided, retrain=True)) if decided else None
    dag_run = SimpleNamespace(partition_key=key, run_after=datetime(2013, 6, 10, 14, tzinfo=UTC))
    return {"dag_run": dag_run, "params": {"data_day": day}, "ti": SimpleNamespace(xcom_pull=lambda task_ids: decision)}


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """The tiny pipeline with every line that there is."""
    return load_pipeline(served.write(tmp_path_factory.mktemp("scored")) / "pipelines" / "tiny.yaml")


@pytest.mark.parametrize("make", draw.LINES.values())
def test_it_waits_for_every_other_task_and_does_not_colour_the_run(make, scored):
    dag = make(scored)
    last = dag.get_task(failures.TELL)
    assert last.is_teardown
    assert not last.on_failure_fail_dagrun
    assert dag.leaves == [last]
    assert last.get_flat_relative_ids(upstream=True) == set(dag.task_ids) - {failures.TELL}


@pytest.mark.parametrize("make", draw.LINES.values())
def test_it_has_the_patience_of_every_task(make, scored):
    last = make(scored).get_task(failures.TELL)
    assert last.retries == 5
    assert last.execution_timeout


def test_a_failed_retrain_is_about_the_day_of_its_decision(pipeline):
    assert failures.day_of(context(decided=date(2013, 6, 7)), pipeline, "retrain", NO_PLACE) == date(2013, 6, 7)


def test_a_run_that_failed_before_it_knew_its_day_is_about_the_named_one(pipeline):
    assert failures.day_of(context(key="2013-06-01"), pipeline, "retrain", NO_PLACE) == date(2013, 6, 1)
    assert failures.day_of(context(day="2013-06-02"), pipeline, "nightly", NO_PLACE) == date(2013, 6, 2)


@pytest.mark.parametrize("line", ["rollback", "reconcile"])
def test_what_has_no_day_of_its_own_is_about_the_newest_night(line, pipeline, workspace):
    perform(workspace.run("tiny", date(2013, 6, 1)), steps.request, None, "a new carrier", False, "ada")
    assert failures.day_of(context(), pipeline, line, workspace) == date(2013, 6, 1)


class Task(SimpleNamespace):
    """A task of a run of two, as far as the telling one asks."""

    def xcom_push(self, key: str, value: str) -> None:
        self.kept[key] = value

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        return self.kept.get(key)

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> Any:
        return {"run 1": self.ended}


def of_housekeeping(**ended: str) -> dict[str, Any]:
    ids = {"dag_id": "nightshift_housekeeping", "run_id": "run 1", "task_id": "tell_of_failure"}
    task = Task(**ids, try_number=1, log_url="http://airflow.example/log", kept={}, ended=ended)
    return {"ti": task, "dag": SimpleNamespace(task_ids=list(ended))}


def test_each_owner_is_told_what_the_task_of_their_pipeline_said(workspace, monkeypatch):
    monkeypatch.setattr(Workspace, "from_env", classmethod(lambda cls: workspace))
    about = of_housekeeping(gone="failed", tiny="failed", other="success")

    def fail() -> None:
        raise DataError("the lake lost a folder")

    with pytest.raises(DataError):
        failures.saying(about, fail)
    with pytest.raises(ConfigError, match="gone"):  # nobody knows its owner; tiny's is told all the same
        failures.tell_each(about, "housekeeping")
    (row,) = workspace.ledger.alerts_of("tiny", newest_run(workspace, "tiny").day)
    assert row.alert.subject == "tiny: housekeeping failed"
    assert "the lake lost a folder" in row.alert.text


def test_where_no_task_failed_there_is_nobody_to_tell():
    with pytest.raises(AirflowSkipException):
        failures.tell_each(of_housekeeping(tiny="success"), "housekeeping")


@pytest.mark.parametrize("named", [{}, {"key": "last-night"}, {"key": "2013-06-01", "day": "2013-06-02"}])
def test_a_day_that_cannot_be_read_is_no_second_failure(named, pipeline):
    assert failures.day_of(context(**named), pipeline, "nightly", NO_PLACE) == date(2013, 6, 9)
