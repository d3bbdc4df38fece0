from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ml.config import PipelineConfig
from ml.errors import ConfigError, NoData
from ml.records import Batch, Decision, Reason, to_json
from ml.workspace import Workspace
from plugins import runs


@pytest.fixture(scope="module")
def place(config: Path, pipeline: PipelineConfig, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Workspace]:
    return pipeline, Workspace.apart(tmp_path_factory.mktemp("apart"), config)


def context(key: str | None = None, day: str | None = None, user: str | None = None, **more: Any) -> dict[str, Any]:
    dag_run = SimpleNamespace(
        partition_key=key, run_after=datetime(2013, 6, 10, 14, tzinfo=UTC), triggering_user_name=user
    )
    return {"dag_run": dag_run, "params": {"data_day": day}, **more}


def event(day: int, minute: int) -> Any:
    decision = Decision(
        pipeline="tiny",
        day=date(2013, 6, day),
        retrain=True,
        reasons=(Reason(kind="schedule", sentence="it is due"),),
    )
    at = datetime(2013, 6, 10, 3, minute, tzinfo=UTC)
    return SimpleNamespace(extra={"decision": to_json(decision)}, timestamp=at)


def test_the_partition_key_is_the_data_day(place):
    assert runs.night(context(key="2013-06-01"), *place) == date(2013, 6, 1)


def test_without_a_key_the_form_names_the_data_day(place):
    assert runs.night(context(day="2013-06-02"), *place) == date(2013, 6, 2)


def test_without_either_it_is_the_newest_day_when_the_run_was_triggered(place):
    assert runs.night(context(), *place) == date(2013, 6, 9)


def test_a_key_and_a_form_that_disagree_are_refused():
    with pytest.raises(ConfigError, match="2013-06-01 and the form says 2013-06-02"):
        runs.named_day(context(key="2013-06-01", day="2013-06-02"))


def test_a_key_that_is_no_day_is_refused():
    with pytest.raises(ConfigError, match="'last-night' is not a day"):
        runs.named_day(context(key="last-night"))


def test_a_retrain_by_hand_takes_the_newest_accepted_day(place):
    pipeline, workspace = place
    with pytest.raises(NoData, match="no day was accepted yet"):
        runs.asked(context(), pipeline, workspace)
    days = [Batch(pipeline="tiny", day=date(2013, 6, n), rows=1, uri="u", fingerprint="f") for n in (3, 4, 5)]
    accepted = [b.model_copy(update={"state": "accepted"}) for b in days[:2]]
    workspace.ledger.record_batches([*days, *accepted])
    assert runs.asked(context(), pipeline, workspace) == date(2013, 6, 4)


def test_all_tasks_of_a_retrain_share_the_day_of_its_decision(place):
    decision = event(day=7, minute=0).extra["decision"]
    ti = SimpleNamespace(xcom_pull=lambda task_ids: decision if task_ids == "request" else None)
    assert runs.decided(context(ti=ti), *place) == date(2013, 6, 7)


def test_the_newest_event_decides():
    events = {"asset": [event(day=7, minute=9), event(day=6, minute=1)]}
    assert runs.event_decision(context(triggering_asset_events=events)).day == date(2013, 6, 7)


def test_a_run_by_hand_has_no_event():
    assert runs.event_decision(context(triggering_asset_events={})) is None


def test_an_event_that_a_person_made_brings_no_decision():
    events = {"asset": [SimpleNamespace(extra={"from_rest_api": True}, timestamp=datetime.now(UTC))]}
    assert runs.event_decision(context(triggering_asset_events=events)) is None


def test_the_asker_is_the_person_that_airflow_knows():
    assert runs.asker(context(user="ada")) == "ada"
    assert runs.asker(context()) == "somebody through Airflow"


def test_the_ledger_learns_where_airflow_shows_the_task():
    ti = SimpleNamespace(dag_id="tiny_nightly", run_id="r", task_id="pull", try_number=2, log_url="http://airflow/x")
    assert runs.external(context(ti=ti)) == {
        "dag_id": "tiny_nightly",
        "run_id": "r",
        "task_id": "pull",
        "try": "2",
        "url": "http://airflow/x",
    }
