"""A model fitted once more in a process of its own."""

import dataclasses
import json
from pathlib import Path

import pytest

from ml.errors import ConfigError, DataError, TrainingError
from ml.reproduction import rebuild

pytestmark = pytest.mark.integration


@pytest.fixture
def request_(walked, origin):
    model = origin.models[1]
    return rebuild.Request(
        name=model.name,
        snapshot=origin.snapshot,
        configuration=model.conditions.configuration,
        lake=str(walked.lake.root),
    )


def test_a_model_that_is_fitted_again_is_the_same(request_, origin):
    here, then = rebuild.fit_again(request_), origin.models[1]
    assert (here.model_sha256, here.probe_sha256) == (then.model_sha256, then.probe_sha256)
    assert (here.moved, here.unopened) == (None, "its files are gone")


def test_how_far_predictions_moved_is_measured_on_each_row_of_the_probe(request_, walked, origin, tmp_path):
    judged = walked.registry.fetch_model(origin.models[0].uri, tmp_path)
    moved = rebuild.fit_again(request_.model_copy(update={"original": str(judged)})).moved
    assert len(moved) == 200
    assert 0 < max(moved) < 1


def test_a_saved_model_that_cannot_be_opened_is_told_and_not_compared(request_, tmp_path):
    answer = rebuild.fit_again(request_.model_copy(update={"original": str(tmp_path)}))
    assert answer.moved is None
    assert "it has no MLmodel file" in answer.unopened


def test_a_configuration_of_another_version_is_a_sentence(request_):
    strange = {**request_.configuration, "oracle": 1}
    with pytest.raises(ConfigError, match=r"none that this version of the code reads .oracle: .*--environment runs"):
        rebuild.fit_again(request_.model_copy(update={"configuration": strange}))


def test_what_the_process_foresaw_is_raised_here_as_it_was_there(request_, origin, tmp_path):
    elsewhere = request_.model_copy(update={"lake": str(tmp_path)})
    with pytest.raises(DataError, match="is not in the lake"):
        rebuild.ask(elsewhere, origin.models[1].conditions, rebuild.Interpreter.here())


def test_a_process_that_dies_is_a_sentence(request_, origin, tmp_path):
    package = tmp_path / "ml" / "reproduction"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "__main__.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    dying = dataclasses.replace(rebuild.Interpreter.here(), code=tmp_path)
    with pytest.raises(TrainingError, match="fitted the model 'model' again was killed by signal 9"):
        rebuild.ask(request_, origin.models[1].conditions, dying)


def test_the_threads_of_the_training_are_taken_where_the_environment_names_none(origin, monkeypatch):
    conditions = origin.models[0].conditions.model_copy(update={"openmp_threads": 5, "blas_threads": 3})
    monkeypatch.delenv("OMP_NUM_THREADS")
    found = rebuild._environment(conditions, rebuild.Interpreter.here())
    assert (found["OMP_NUM_THREADS"], found["OPENBLAS_NUM_THREADS"]) == ("5", "3")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    found = rebuild._environment(conditions, rebuild.Interpreter.here())
    assert found["OMP_NUM_THREADS"] == "2"
    assert "OPENBLAS_NUM_THREADS" not in found


def test_an_answer_of_another_kind_of_error_keeps_its_sentence():
    with pytest.raises(TrainingError, match="too odd"):
        rebuild._understood(json.loads('{"error": "OfTomorrow", "sentence": "too odd"}'))


def test_it_fits_with_the_code_of_this_checkout():
    assert (rebuild.Interpreter.here().code / "ml" / "reproduction").is_dir()
    assert isinstance(rebuild.Interpreter.here().python, Path)
