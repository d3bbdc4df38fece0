import pytest

pytestmark = pytest.mark.integration


def test_one_dag_tidies_every_pipeline_in_a_task_of_its_name(bag, config):
    found = bag("housekeeping.py")
    assert found.import_errors == {}
    assert list(found.dags) == ["nightshift_housekeeping"]
    dag = found.dags["nightshift_housekeeping"]
    assert dag.task_ids == ["tiny"]
    assert not dag.is_paused_upon_creation


def test_in_a_task_of_another_dag_it_is_not_built(bag, config, monkeypatch):
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "tiny_nightly")
    assert bag("housekeeping.py").dags == {}
