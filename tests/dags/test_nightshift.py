import os
import subprocess
import sys
from typing import Any

import pytest

from ml import lines
from ml.walker import drawing
from tests.airflow_home import ROOT

pytestmark = pytest.mark.integration

HEAVY = {"evidently", "matplotlib", "mlflow", "numpy", "pandas", "pandera", "polars", "pyarrow", "skops", "sklearn"}


def test_every_pipeline_has_its_four_dags_and_nothing_is_wrong(bag, config):
    found = bag()
    assert found.import_errors == {}
    assert sorted(found.dags) == [
        "nightshift_housekeeping",
        *("tiny_nightly", "tiny_reconcile", "tiny_retrain", "tiny_rollback"),
    ]


def test_the_tasks_are_the_verbs_of_the_line_in_order(bag, config):
    found = bag("nightshift.py")
    nightly = [drawn.name for drawn in drawing(lines.nightly)]
    retrain = [drawn.name for drawn in drawing(lines.retrain, "request")]
    assert found.dags["tiny_nightly"].task_ids == [*nightly, "request_retrain", "tell_of_failure"]
    assert found.dags["tiny_retrain"].task_ids == ["request", *retrain, "tell_of_failure"]


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")
def test_the_scheduler_can_read_the_dags(bag, config):
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in bag("nightshift.py").dags.values():
        again = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        assert again.task_ids == dag.task_ids


def test_in_a_task_only_its_own_dag_is_built(bag, config, monkeypatch):
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "tiny_retrain")
    assert list(bag("nightshift.py").dags) == ["tiny_retrain"]


def test_parsing_loads_no_heavy_library(config):
    program = (
        "import runpy, sys; runpy.run_path('dags/nightshift.py'); print(*{m.partition('.')[0] for m in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())


def walk(bag: Any, dag_id: str, **form: Any) -> Any:
    """Run a DAG in this process, as a person would by hand."""
    return bag("nightshift.py").dags[dag_id].test(logical_date=None, run_conf=form)


def states(run: Any) -> dict[str, str]:
    return {ti.task_id: str(ti.state) for ti in run.get_task_instances()}


def events() -> list[Any]:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return list(session.scalars(select(AssetEvent).order_by(AssetEvent.id)))


@pytest.mark.integration
@pytest.mark.filterwarnings("default")  # the tasks run in this process, with all that they import
class TestWalked:
    def test_a_night_asks_for_a_retrain_of_its_data_day(self, bag, workspace):
        before = len(events())
        run = walk(bag, "tiny_nightly", data_day="2013-06-08")
        assert states(run)["request_retrain"] == "success"
        walked = sorted(row.step for row in workspace.ledger.step_rows("tiny"))
        assert walked == sorted(drawn.name for drawn in drawing(lines.nightly))
        (event,) = events()[before:]
        assert event.partition_key == "2013-06-08"
        assert event.extra["decision"]["retrain"] is True
        assert event.extra["reasons"]

    def test_a_night_that_decides_against_it_leaves_no_event(self, bag, config, workspace):
        path = config / "pipelines" / "tiny.yaml"
        path.write_text(path.read_text().replace("min_rows: 20", "min_rows: 2000"))  # every day is quarantined
        before = len(events())
        run = walk(bag, "tiny_nightly", data_day="2013-06-08")
        assert str(run.state) == "success"
        found = states(run)
        assert (found["detect"], found["decide"], found["request_retrain"]) == ("skipped", "success", "skipped")
        assert (found["notify"], found["deliver"]) == ("success", "success")
        assert events()[before:] == []

    def test_wrong_data_fails_at_once(self, bag, config, workspace):
        run = walk(bag, "tiny_nightly", data_day="2013-01-01")
        assert str(run.state) == "failed"
        assert states(run)["pull"] == "failed"
        assert states(run)["request_retrain"] == "upstream_failed"
        (row,) = workspace.ledger.step_rows("tiny")
        assert (row.outcome, row.external["task_id"]) == ("failed", "pull")
        assert states(run)["tell_of_failure"] == "success"
        (mail,) = (workspace.lake.root.parent / "mails").rglob("*.eml")
        assert b"Subject: tiny: the night of 2013-01-01 failed at pull" in mail.read_bytes()

    def test_a_dry_run_by_hand_promotes_nothing(self, bag, workspace):
        walk(bag, "tiny_nightly", data_day="2013-06-08")
        run = walk(bag, "tiny_retrain", reason="a trial", dry_run=True)
        found = states(run)
        assert (found["gate"], found["refit"], found["promote"]) == ("success", "skipped", "skipped")
        assert workspace.ledger.promotions("tiny") == []
        assert workspace.ledger.decisions("tiny")[-1].decision.by == "dag_test"

    def test_a_retrain_by_hand_puts_a_model_into_production(self, bag, workspace):
        walk(bag, "tiny_nightly", data_day="2013-06-08")
        run = walk(bag, "tiny_retrain", reason="the first model", window=20)
        assert (states(run)["approve"], states(run)["invite"], states(run)["promote"]) == (
            ("success", "skipped", "success")
        )
        assert states(run)["tell_of_failure"] == "skipped"
        assert workspace.registry.production("tiny").version == 1

    def test_the_coming_day_is_scored_where_the_yaml_says_from_where(self, bag, config, workspace):
        from datetime import date

        from ml.days import Span
        from tests import served

        path, day = config / "pipelines" / "tiny.yaml", date(2013, 6, 8)
        path.write_text(path.read_text() + served.SCORE.format(data=config.parent / "data"))
        assert set(states(walk(bag, "tiny_score", data_day=str(day))).values()) == {"success", "skipped"}
        served.serve(workspace, day=day)
        found = states(walk(bag, "tiny_score", data_day=str(day)))
        assert found == {"look_ahead": "success", "score": "success", "tell_of_failure": "skipped"}
        coming = date(2013, 6, 9)
        assert {p.version for p in workspace.ledger.predictions("tiny", Span(coming, coming), ["batch"])} == {1}

    def test_a_rollback_by_the_form_is_kept_with_who_and_why(self, bag, workspace):
        from datetime import date

        from tests import served

        for version in (1, 2):
            served.serve(workspace, version, day=date(2013, 6, version))
        run = walk(bag, "tiny_rollback", reason="late parcels look early")
        done = dict.fromkeys(["request", "rollback", "tell", "deliver"], "success")
        assert states(run) == done | {"tell_of_failure": "skipped"}
        newest = workspace.ledger.in_production("tiny")
        assert (newest.version, newest.kind, newest.by, newest.why) == (
            (1, "rollback", "dag_test", "late parcels look early")
        )
        assert set(states(walk(bag, "tiny_reconcile")).values()) == {"skipped"}
        failed = states(walk(bag, "tiny_rollback", reason="the one before that", version=9))
        assert (failed["rollback"], failed["tell_of_failure"]) == ("failed", "success")
        assert workspace.ledger.in_production("tiny") == newest
        mails = [path.read_bytes() for path in (workspace.lake.root.parent / "mails").rglob("*.eml")]
        (mail,) = [mail for mail in mails if b"Subject: tiny: the rollback failed at rollback" in mail]
        assert b"tiny has no version 9 in MLflow" in mail

    def test_a_form_out_of_range_starts_nothing(self, bag, workspace):
        from airflow.sdk.exceptions import ParamValidationError

        with pytest.raises(ParamValidationError):
            walk(bag, "tiny_retrain", window=4000)
