from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ml.approval import Human
from ml.config import PipelineConfig
from ml.records import Decision, Reason, to_json
from plugins import draw

pytestmark = pytest.mark.integration


def decision(retrain: bool) -> dict[str, Any]:
    reasons = (Reason(kind="schedule", sentence="the last retrain was 1 day ago"),) if retrain else ()
    return to_json(Decision(pipeline="tiny", day=date(2013, 6, 1), retrain=retrain, reasons=reasons))


class Event:
    """What Airflow's accessor of one outlet event remembers."""

    def __init__(self) -> None:
        self.extra: dict[str, Any] = {}
        self.keys: list[str] = []

    def add_partitions(self, keys: list[str]) -> None:
        self.keys += keys


def emitted(decided: dict[str, Any] | None, pipeline: PipelineConfig) -> Event:
    asset, event = draw.retrain_requested(pipeline), Event()
    draw.emit(decided, {"outlet_events": {asset: event}}, asset)
    return event


def test_a_decision_to_retrain_leaves_an_event_with_its_reasons_and_its_day(pipeline):
    event = emitted(decision(retrain=True), pipeline)
    assert event.extra["reasons"] == ["the last retrain was 1 day ago"]
    assert event.extra["decision"] == decision(retrain=True)
    assert event.keys == ["2013-06-01"]


@pytest.mark.parametrize("decided", [decision(retrain=False), None])
def test_a_quiet_night_leaves_none(decided, pipeline):
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException):
        emitted(decided, pipeline)


def test_the_nightly_dag_asks_for_a_retrain_as_soon_as_it_is_decided(pipeline):
    dag = draw.nightly(pipeline)
    assert dag.get_task("request_retrain").upstream_task_ids == {"decide"}
    assert dag.get_task("request_retrain").outlets == [draw.retrain_requested(pipeline)]


def test_the_retrain_dag_listens_to_that_asset_alone(pipeline):
    dag = draw.retrain(pipeline)
    assert dag.timetable.asset_condition == draw.retrain_requested(pipeline)
    assert dag.get_task("snapshot").upstream_task_ids == {"request"}


@pytest.mark.parametrize("make", [draw.nightly, draw.retrain])
def test_a_dag_starts_paused_and_runs_one_day_at_a_time(make, pipeline):
    dag = make(pipeline)
    assert (dag.is_paused_upon_creation, dag.catchup, dag.max_active_runs) == (True, False, 1)
    assert dag.tags == {"nightshift", "tiny"}
    assert dag.doc_md


def test_a_retrain_follows_the_decision_of_its_event(pipeline):
    event = SimpleNamespace(extra={"decision": decision(retrain=True)}, timestamp=0)
    assert draw.asked(pipeline, {"triggering_asset_events": {"asset": [event]}}) == decision(retrain=True)


@pytest.mark.parametrize(
    ("dag_id", "found"),
    [
        (None, ["tiny_nightly", "tiny_retrain", "tiny_rollback", "tiny_reconcile"]),
        ("tiny_rollback", ["tiny_rollback"]),
        ("tiny_nightly", ["tiny_nightly"]),
        ("tiny_retrain", ["tiny_retrain"]),
        ("small_nightly", []),
    ],
)
def test_only_the_dag_that_is_asked_for_is_built(dag_id, found, config: Path):
    assert [dag.dag_id for dag in draw.wanted(config / "pipelines", dag_id)] == found


def test_a_yaml_that_cannot_be_read_does_not_stop_the_others(config: Path, tmp_path: Path):
    good = (config / "pipelines" / "tiny.yaml").read_text()
    (tmp_path / "tiny.yaml").write_text(good)
    (tmp_path / "broken.yaml").write_text(good.replace("name: tiny", "name: broken").replace("retrain:", "retrian:"))
    assert {dag.dag_id.split("_")[0] for dag in draw.wanted(tmp_path, None)} == {"tiny"}


def test_the_coming_day_has_a_dag_where_the_yaml_says_so(pipeline, tmp_path):
    from tests import served

    assert draw.score(pipeline) is None
    config = served.write(tmp_path)
    (dag,) = draw.wanted(config / "pipelines", "tiny_score")
    assert dag.task_ids == ["look_ahead", "score", "tell_of_failure"]
    assert dag.timetable.summary == "0 3 * * * UTC"
    assert "scored once" in dag.doc_md
    assert dag.is_paused_upon_creation is None  # the installation's to say: not where versions serve already


def test_what_a_person_starts_or_the_triggerer_is_not_paused(pipeline):
    for make in (draw.rollback, draw.reconcile):
        dag = make(pipeline)
        assert (dag.is_paused_upon_creation, dag.max_active_runs) == (False, 1)
        assert dag.doc_md


def test_the_rollback_form_becomes_a_request(pipeline, monkeypatch):
    run = SimpleNamespace(name="tiny", day=date(2013, 6, 1))
    monkeypatch.setattr(draw.runs, "bind", lambda *_: run)
    form = {"version": 3, "reason": "late parcels look early", "force": False}
    context = {"params": form, "dag_run": SimpleNamespace(triggering_user_name="ada")}
    asked = draw.rollback_asked(pipeline, context)
    assert (asked["to"], asked["by"], asked["why"]) == (3, "ada", "late parcels look early")


def test_the_reconcile_dag_listens_to_a_watcher_of_the_registry(pipeline):
    asset = draw.changed_outside(pipeline)
    assert draw.reconcile(pipeline).timetable.asset_condition.objects == (asset,)
    (watcher,) = asset.watchers
    assert watcher.trigger.serialize() == (("plugins.watch.RegistryTrigger", {"pipeline": "tiny", "seconds": 15.0}))


def test_a_retrain_that_waits_for_a_person_lets_the_next_one_run(pipeline):
    asking = pipeline.model_copy(update={"approval": Human()})
    assert (draw.retrain(pipeline).max_active_runs, draw.retrain(asking).max_active_runs) == (1, 16)
