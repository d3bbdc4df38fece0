"""What may be removed from MLflow, with a server and without."""

import pytest

pytestmark = pytest.mark.integration


@pytest.fixture
def training(both, name, fitted, probe):
    """A training with one model and one page; gives the registry, the run and the model's id."""
    run_id = both.training_run(name, "key", {}, {})
    uri = both.save_model(run_id, "judged", fitted, probe, name)
    both.log_text(run_id, "drift.html", "<p>moved</p>")
    return both, run_id, uri.removeprefix("models:/")


def test_models_runs_and_pages_are_told_with_their_bytes(training, name):
    registry, run_id, model = training
    (saved,) = registry.saved_models(name)
    assert (saved.id, saved.name, saved.run_id, saved.ready) == (model, "judged", run_id, True)
    assert [run.id for run in registry.runs(name)] == [run_id]
    assert registry.pages(run_id) == [("drift.html", len("<p>moved</p>"))]
    assert registry.model_bytes(model) > 1000
    assert registry.strays(name) == []


def test_a_removed_model_leaves_no_files(training, name):
    registry, _, model = training
    registry.remove_model(model)
    assert registry.saved_models(name) == []
    assert [path for path, _ in registry.strays(name) if model in path] == []


def test_a_model_whose_files_went_before_it_was_killed_can_be_removed_again(training, name):
    registry, _, model = training
    with registry._asking() as client:
        files = registry._files_of(client.get_logged_model(model).artifact_location)
    files.delete_artifacts()
    assert registry.model_bytes(model) == 0
    registry.remove_model(model)
    assert registry.saved_models(name) == []


def test_a_page_is_removed_alone(training):
    registry, run_id, model = training
    registry.remove_page(run_id, "drift.html")
    assert registry.pages(run_id) == []
    assert registry.model_bytes(model) > 1000


def test_files_of_what_was_deleted_are_strays(training, name):
    registry, run_id, model = training
    with registry._asking() as client:
        client.delete_run(run_id)
        client.delete_logged_model(model)
    strays = dict(registry.strays(name))
    assert set(strays) == {run_id, f"models/{model}"}
    assert strays[f"models/{model}"] > 1000
    for path in strays:
        registry.remove_stray(name, path)
    assert registry.strays(name) == []


def test_a_version_is_told_with_what_it_refers_to_and_removed(training, name):
    registry, run_id, model = training
    registry.register(name, run_id, f"models:/{model}", {"nightshift.snapshot": "{}"})
    (version,) = registry.known_versions(name)
    assert (version.version, version.run_id, version.model_id, version.stage) == (1, run_id, model, "None")
    assert version.snapshot == "{}"
    registry.remove_version(name, 1)
    assert registry.known_versions(name) == []


def test_a_pipeline_that_mlflow_does_not_know_has_nothing(both, name):
    assert (both.saved_models(name), both.known_versions(name), both.runs(name), both.strays(name)) == ([], [], [], [])
