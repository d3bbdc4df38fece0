"""The DAG of housekeeping."""

import pytest

pytestmark = pytest.mark.integration


def test_a_task_tidies_its_pipeline_and_prints_what_went(walked, monkeypatch, capsys):
    from ml.workspace import Workspace
    from plugins import tidying

    monkeypatch.setattr(Workspace, "from_env", classmethod(lambda cls: walked))
    tidying.tidied("tiny")
    assert capsys.readouterr().out == "tiny: 0 things went, 0 B\n"


def test_it_runs_every_morning_and_one_at_a_time():
    from plugins import tidying

    dag = tidying.drawn(["tiny", "other"])
    assert dag.task_ids == ["tiny", "other", "tell_of_failure"]
    assert dag.get_task("tell_of_failure").upstream_task_ids == {"tiny", "other"}
    assert dag.max_active_runs == 1
