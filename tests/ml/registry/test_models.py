import pytest

from ml import training
from ml.errors import TrainingError
from ml.features import Aggregate, definitions

pytestmark = pytest.mark.integration


def test_a_model_says_what_it_eats_and_what_it_needs(registry, name, run, fitted, probe, tmp_path):
    import yaml
    from mlflow.artifacts import download_artifacts

    uri = registry.save_model(run, "model", fitted, probe.assign(size=range(len(probe))), name)
    place = registry._client.get_logged_model(uri.removeprefix("models:/")).artifact_location
    folder = tmp_path / "model"
    download_artifacts(artifact_uri=place, dst_path=str(folder), tracking_uri=registry.uri)
    (about,) = folder.rglob("MLmodel")
    signature = yaml.safe_load(about.read_text())["signature"]["inputs"]
    assert '{"type": "double", "name": "size", "required": true}' in signature
    needed = (about.parent / "requirements.txt").read_text().splitlines()
    assert [line.split("==")[0] for line in needed] == ["mlflow", "scikit-learn", "skops", "numpy", "pandas", "scipy"]


def test_digests_of_model_and_predictions_are_tags_of_the_run(registry, name, run, fitted, probe):
    from ml import model_file

    registry.save_model(run, "model", fitted, probe, name)
    tags = registry._client.get_run(run).data.tags
    assert tags["nightshift.model_sha256.model"] == model_file.digest(fitted)
    assert tags["nightshift.probe_sha256.model"] == model_file.probe_digest(fitted, probe)


def test_a_model_that_a_killed_attempt_began_is_finished(registry, name, run, fitted, probe, table):
    experiment = registry._client.get_run(run).info.experiment_id
    begun = registry._client.create_logged_model(experiment, "model", run)
    uri = registry.save_model(run, "model", fitted, probe, name)
    assert uri == f"models:/{begun.model_id}"
    assert training.predict("classification", registry.load_model(uri), table()).shape == (600,)


def test_two_models_of_a_run_are_two(registry, name, run, fitted, probe):
    judged, refitted = (registry.save_model(run, n, fitted, probe, name) for n in ("judged", "model"))
    assert judged != refitted
    assert registry.register(name, run, judged, {}) != registry.register(name, run, refitted, {})


def test_nothing_is_written_where_the_process_happens_to_be(registry, name, run, fitted, probe, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registry.register(name, run, registry.save_model(run, "model", fitted, probe, name), {})
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_there_is_a_sentence(both):
    with pytest.raises(TrainingError, match="there is no model models:/m-0000 in MLflow at"):
        both.load_model("models:/m-0000")


def test_a_pickled_model_is_refused(registry, name, run):
    import mlflow.sklearn
    from sklearn.dummy import DummyClassifier

    client, estimator = registry._client, DummyClassifier().fit([[0], [1]], [0, 1])
    model = client.create_logged_model(client.get_run(run).info.experiment_id, "model", run)
    folder = f"{registry._artifacts}/{name}-pickled"
    mlflow.sklearn.save_model(estimator, folder, serialization_format="cloudpickle", pip_requirements=["scikit-learn"])
    client.log_model_artifacts(model.model_id, folder)
    with pytest.raises(TrainingError, match="its format is cloudpickle, and only skops is safe to open"):
        registry.load_model(f"models:/{model.model_id}")


def test_a_saved_model_knows_its_digest(registry, name, run, fitted, probe):
    from ml import model_file

    assert registry.model_digest(registry.save_model(run, "model", fitted, probe, name)) == model_file.digest(fitted)


PAST = {
    "size": Aggregate(by=("town",), of="late", over=24, known_after="landed"),
    "other": Aggregate(by=("town",), of="late", over=72, known_after=24),
}


def test_a_model_keeps_the_definitions_of_the_aggregates_that_it_takes(both, name, fitted, probe, tmp_path):
    run = both.training_run(name, "key", {}, {})
    uri, bare = (
        both.save_model(run, "model", fitted, probe, name, past=PAST),
        both.save_model(run, "b", fitted, probe, name),
    )
    assert both.past_of(uri) == definitions.read(both.fetch_model(uri, tmp_path / "a")) == {"size": PAST["size"]}
    assert both.past_of(bare) is definitions.read(both.fetch_model(bare, tmp_path / "b")) is None


def test_definitions_that_mlflow_would_cut_are_refused(registry, name, run, fitted, probe):
    many = probe.assign(**{f"late_{n}": 1.0 for n in range(60)})
    past = dict.fromkeys(many.columns, PAST["size"])
    with pytest.raises(
        TrainingError, match=r"of 63 aggregates over the past take 5,\d{3} characters, and MLflow keeps"
    ):
        registry.save_model(run, "model", fitted, many, name, past=past)
