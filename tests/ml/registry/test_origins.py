"""Where a model came from."""

import pytest

from ml.errors import NoData

pytestmark = pytest.mark.integration


@pytest.fixture
def run_id(walked):
    return walked.registry.production("tiny").run_id


def test_a_training_tells_its_tags_parameters_and_models(walked, run_id):
    found = walked.registry.training(run_id)
    assert (found.run_id, found.status, found.deleted) == (run_id, "FINISHED", False)
    assert found.params["seed"] == "3"
    assert found.tags["nightshift.pipeline"] == "tiny"
    assert set(found.models) == {"judged", "model"}


def test_a_version_is_found_by_number_and_by_alias(walked, run_id):
    assert walked.registry.run_of("tiny", "1") == walked.registry.run_of("tiny", "production") == (1, run_id)


def test_what_is_not_there_is_a_sentence(walked):
    with pytest.raises(NoData, match="there is no run 'x' in MLflow"):
        walked.registry.training("x")
    with pytest.raises(NoData, match="there is no version '9' of tiny"):
        walked.registry.run_of("tiny", "9")


def test_a_models_files_are_fetched_unopened(walked, run_id, tmp_path):
    folder = walked.registry.fetch_model(walked.registry.training(run_id).models["model"], tmp_path)
    assert {"MLmodel", "model.skops"} <= {path.name for path in folder.iterdir()}
