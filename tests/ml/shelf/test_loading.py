import pytest

from ml.errors import TrainingError
from ml.shelf import check, opened
from tests.ml.shelf.conftest import NOW, WRONG, folder_of

pytestmark = pytest.mark.integration


def test_a_version_in_memory_says_what_it_is_and_answers_as_it_did(store):
    served = opened(folder_of(store, 2), "tiny", 2, "run", NOW)
    assert (served.version, served.run_id, served.since, served.task) == (2, "run", NOW, "classification")
    assert served.inputs == (("size", "double"), ("weight", "double"))
    assert len(served.examples) == 16
    check(served)


def test_a_wrong_answer_to_a_golden_request_refuses_it(store):
    served = opened(folder_of(store, WRONG), "tiny", WRONG, "run", NOW)
    with pytest.raises(
        TrainingError, match=r"tiny version 4 is refused: 1 of 16 golden requests are answered otherwis"
    ):
        check(served)


def test_a_folder_without_a_model_is_refused_with_pipeline_and_version(tmp_path):
    with pytest.raises(TrainingError, match="the model tiny version 7 is refused: it has no MLmodel file"):
        opened(tmp_path, "tiny", 7, "run", NOW)
