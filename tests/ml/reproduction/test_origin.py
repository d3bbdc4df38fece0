"""What a training left of itself."""

import pytest

from ml.errors import ConfigError, NoData
from ml.reproduction.origin import find

pytestmark = pytest.mark.integration


def test_a_training_is_found_by_its_run_by_version_and_by_alias(walked, run_id, origin):
    assert [model.name for model in origin.models] == ["judged", "model"]
    for which in ("tiny@1", "tiny@production"):
        found = find(walked, which)
        assert (found.run_id, found.version, found.models) == (run_id, 1, origin.models)


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ("0" * 32, "there is no run '0{32}' in MLflow"),
        ("tiny", "there is no run 'tiny' in MLflow"),
        ("tiny@7", "there is no version '7' of tiny in MLflow"),
        ("tiny@nowhere", "there is no version 'nowhere' of tiny in MLflow"),
        ("huge@1", "there is no version '1' of huge in MLflow"),
    ],
)
def test_what_is_not_there_is_a_sentence(walked, which, sentence):
    with pytest.raises(NoData, match=sentence):
        find(walked, which)


@pytest.mark.parametrize("which", ["", "@1", "tiny@"])
def test_what_names_nothing_is_a_sentence(walked, which):
    with pytest.raises(ConfigError, match=r"names no training; give an MLflow run id, or PIPELINE@VERSION"):
        find(walked, which)


def test_a_foreign_run_is_a_sentence(workspace):
    run_id = workspace.registry.training_run("tiny", "theirs", {}, {})
    with pytest.raises(NoData, match="is not a training of Nightshift: it names no snapshot"):
        find(workspace, run_id)


def test_a_training_that_failed_before_its_first_model_is_a_sentence(workspace, origin):
    tags = {"nightshift.snapshot": origin.snapshot.model_dump_json()}
    run_id = workspace.registry.training_run("tiny", "failed", {}, tags)
    workspace.registry.finish(run_id, ok=False)
    with pytest.raises(NoData, match=r"saved no model .its status is FAILED.; there is nothing to compare with"):
        find(workspace, run_id)


def test_a_training_older_than_the_notes_is_a_sentence(workspace, origin):
    tags = {"nightshift.snapshot": origin.snapshot.model_dump_json(), "nightshift.model_sha256.judged": "1"}
    run_id = workspace.registry.training_run("tiny", "old", {}, tags)
    with pytest.raises(NoData, match="did not note under which conditions its model 'judged' was fitted"):
        find(workspace, run_id)
