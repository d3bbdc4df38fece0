import pytest

pytestmark = pytest.mark.integration


def test_one_dag_tidies_every_pipeline_in_a_task_of_its_name(bag, config):
    found = bag("housekeeping.py")
    assert found.import_errors == {}
    assert list(found.dags) == ["nightshift_housekeeping"]
    dag = found.dags["nightshift_housekeeping"]
    assert dag.task_ids == ["tiny", "tell_of_failure"]
    assert not dag.is_paused_upon_creation


def test_in_a_task_of_another_dag_it_is_not_built(bag, config, monkeypatch):
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "tiny_nightly")
    assert bag("housekeeping.py").dags == {}


@pytest.mark.filterwarnings("default")  # the tasks run in this process, with all that they import
def test_one_that_fails_is_told_to_the_owner_of_its_pipeline(bag, workspace, monkeypatch):
    from ml.errors import DataError

    def broken(*given, **more):
        raise DataError("the lake lost a folder")

    monkeypatch.setattr("ml.housekeeping.tidy", broken)
    run = bag("housekeeping.py").dags["nightshift_housekeeping"].test(logical_date=None)
    assert {ti.task_id: str(ti.state) for ti in run.get_task_instances()} == {
        "tiny": "failed",
        "tell_of_failure": "success",
    }
    (mail,) = (workspace.lake.root.parent / "mails").rglob("*.eml")
    assert b"Subject: tiny: housekeeping failed" in mail.read_bytes()
    assert b"the lake lost a folder" in mail.read_bytes()
