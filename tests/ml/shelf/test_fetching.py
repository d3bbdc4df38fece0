import subprocess

import pytest

from ml.errors import ServiceUnavailable, TrainingError
from ml.shelf import opened
from ml.shelf.fetching import _answer, apart, here
from tests.ml.shelf.conftest import BROKEN, NOW, WRONG, folder_of

pytestmark = pytest.mark.integration


def test_a_version_is_brought_with_the_run_that_made_it(store, tmp_path):
    copy = here(store, "tiny", 2, tmp_path)
    assert copy.folder.is_relative_to(tmp_path)
    assert copy.run_id == store.version("tiny", 2).run_id


@pytest.mark.parametrize(
    ("version", "why"),
    [
        (WRONG, "tiny version 4 is refused: 1 of 16 golden requests are answered otherwise"),
        (BROKEN, "the model tiny version 5 is refused: its file is damaged"),
        (99, "tiny version 99 is refused: MLflow has no such version"),
    ],
)
def test_a_version_that_must_not_serve_is_refused(store, tmp_path, version, why):
    with pytest.raises(TrainingError, match=why):
        here(store, "tiny", version, tmp_path)


def test_a_file_that_holds_another_model_than_was_saved_is_refused(store, tmp_path, monkeypatch):
    real = store.fetch_model
    other = folder_of(store, 3)
    monkeypatch.setattr(store, "fetch_model", lambda uri, folder: (real(uri, folder), other)[1])
    with pytest.raises(TrainingError, match="tiny version 1 is refused: its file holds another model than was saved"):
        here(store, "tiny", 1, tmp_path)


def test_what_cannot_be_kept_as_arrays_is_opened_from_its_estimator(store, tmp_path):
    copy = here(store, "tiny", 2, tmp_path)
    assert not copy.compiled.exists()
    assert opened(copy, "tiny", NOW).predictor.estimator is not None


def test_a_process_of_its_own_does_the_same_without_our_secrets(store, tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_LEDGER_URL", "postgresql+psycopg2://u:hush@nowhere/nightshift")
    copy = apart(store.uri, "tiny", 2, tmp_path)
    assert opened(copy, "tiny", NOW).task == "classification"


def test_a_process_that_finds_no_mlflow_says_so(tmp_path):
    away = subprocess.CompletedProcess([], 0, stdout='{"away": "MLflow at http://m did not answer: no"}\n', stderr="")
    with pytest.raises(ServiceUnavailable, match="MLflow at http://m did not answer"):
        _answer("tiny", 1, tmp_path, away)


def test_a_process_that_dies_refuses_the_version(tmp_path):
    died = subprocess.CompletedProcess([], -11, stdout="", stderr="Segmentation fault")
    with pytest.raises(TrainingError, match=r"ended with exit code -11: Segmentation fault"):
        _answer("tiny", 1, tmp_path, died)
