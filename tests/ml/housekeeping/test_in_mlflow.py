"""What may go from MLflow."""

import pytest

from ml.config import load_pipeline
from ml.housekeeping import in_mlflow, needed

pytestmark = pytest.mark.integration


@pytest.fixture
def found(past, keeping, later):
    def of(days, place=past, **spans):
        pipeline = load_pipeline(keeping(place, **(spans or {"versions": "forever"})).pipelines / "tiny.yaml")
        return list(in_mlflow.removable(place, pipeline, needed.staying(place, "tiny"), later(days)))

    return of


def run_of(place, version):
    return place.registry.training(place.registry.run_of("tiny", str(version))[1])


def test_models_that_were_only_judged_go_but_for_those_of_versions_that_stay(found, past):
    gone = [item for item in found(91) if item.kind == "challenger"]
    assert {item.what for item in gone} == {run_of(past, 1).models["judged"]}
    assert all(item.bytes > 1000 for item in gone)
    assert found(89) == []


def test_archived_versions_go_with_their_models_when_the_owner_says_so(found, past):
    gone = [item.what for item in found(31, versions="30d")]
    assert gone == ["tiny version 1", run_of(past, 1).models["model"]]
    assert [item for item in found(4000) if item.kind == "version"] == []


def test_versions_that_were_never_promoted_go_too_when_the_owner_says_so(found, past, never_promoted):
    waits, fresh = never_promoted(past), never_promoted(past, "None")
    gone = {item.what: item.why for item in found(31, versions="30d") if item.what.startswith("tiny version")}
    assert list(gone) == ["tiny version 1", f"tiny version {waits}", f"tiny version {fresh}"]
    assert gone[f"tiny version {waits}"].startswith("never promoted, in Staging since 20")
    assert gone[f"tiny version {fresh}"].endswith("days ago; 30 are kept")
    assert [item for item in found(29, versions="30d") if item.kind == "version"] == []


def test_pages_of_old_runs_go_and_their_figures_of_speech_stay(found):
    gone = [item for item in found(91) if item.kind == "page in MLflow"]
    assert {item.what.rpartition(".")[2] for item in gone} == {"html", "png"}
    assert all(item.what.startswith("runs:/") for item in gone)


def test_a_model_that_was_never_wholly_saved_goes_after_a_week(found, past):
    run = run_of(past, 3)
    with past.registry._asking() as client:
        experiment = client.get_run(run.run_id).info.experiment_id
        half = client.create_logged_model(experiment, "judged", None).model_id
    gone = [item for item in found(8, past) if item.kind == "half saved"]
    assert [item.what for item in gone] == [f"models:/{half}"]
    assert [item for item in found(6, past) if item.kind == "half saved"] == []
