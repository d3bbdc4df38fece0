import pytest

pytestmark = pytest.mark.integration


def test_it_is_silent_while_every_yaml_can_be_read(bag, config):
    assert bag("unreadable.py").import_errors == {}


def test_a_broken_yaml_is_an_import_error_that_names_file_and_field(bag, config):
    good = (config / "pipelines" / "tiny.yaml").read_text()
    (config / "pipelines" / "broken.yaml").write_text(good.replace("tiny", "broken").replace("retrain:", "retrian:"))
    errors = bag("unreadable.py").import_errors
    assert list(errors) == ["unreadable.py"]
    assert "broken.yaml" in errors["unreadable.py"]
    assert "retrian" in errors["unreadable.py"]


def test_the_other_pipelines_still_appear(bag, config):
    (config / "pipelines" / "broken.yaml").write_text("name: [")
    whole = bag()
    assert {name.split("_")[0] for name in whole.dags} == {"nightshift", "tiny"}
    assert list(whole.import_errors) == ["unreadable.py"]


def test_a_running_task_does_not_trip_over_another_pipelines_yaml(bag, config, monkeypatch):
    (config / "pipelines" / "broken.yaml").write_text("name: [")
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "tiny_nightly")
    assert bag("unreadable.py").import_errors == {}
