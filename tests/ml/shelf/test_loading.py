import json

import pytest

from ml import compiled, golden, model_file
from ml.errors import TrainingError
from ml.shelf import Copy, check, opened
from tests.ml.serving import flights
from tests.ml.shelf.conftest import NOW, WRONG, folder_of

pytestmark = pytest.mark.integration


def copy_of(folder, version, run_id="run"):
    return Copy(version, run_id, folder, folder / compiled.FILE)


def test_a_version_in_memory_says_what_it_is_and_answers_as_it_did(store):
    served = opened(copy_of(folder_of(store, 2), 2), "tiny", NOW)
    assert (served.version, served.run_id, served.since, served.task) == (2, "run", NOW, "classification")
    assert served.inputs == (("size", "double"), ("weight", "double"))
    assert len(served.examples) == 16
    check(served)


def test_a_wrong_answer_to_a_golden_request_refuses_it(store):
    served = opened(copy_of(folder_of(store, WRONG), WRONG), "tiny", NOW)
    with pytest.raises(
        TrainingError, match=r"tiny version 4 is refused: 1 of 16 golden requests are answered otherwis"
    ):
        check(served)


def test_a_folder_without_a_model_is_refused_with_pipeline_and_version(tmp_path):
    with pytest.raises(TrainingError, match="the model tiny version 7 is refused: it has no MLmodel file"):
        opened(copy_of(tmp_path, 7), "tiny", NOW)


@pytest.fixture
def flown(tmp_path):
    """A copy of a model of flights, as the process that tried it leaves it."""
    import yaml
    from skops import io

    served = flights.served()
    io.dump(flights.estimator(1), tmp_path / "model.skops")
    about = {"flavors": {"sklearn": {"serialization_format": "skops", "pickled_model": "model.skops"}}}
    inputs = [{"name": name, "type": kind} for name, kind in flights.INPUTS]
    about["signature"] = {"inputs": json.dumps(inputs)}
    (tmp_path / "MLmodel").write_text(yaml.safe_dump(about))
    golden.write(tmp_path, served.examples)
    assert compiled.write(tmp_path / compiled.FILE, served.predictor)
    return copy_of(tmp_path, 1)


def test_a_version_that_was_kept_as_arrays_opens_no_estimator(flown, monkeypatch):
    monkeypatch.setattr(model_file, "load", None)
    served = opened(flown, "flight_delays", NOW)
    check(served)
    assert served.predictor.estimator is None
    assert (served.inputs, served.task) == (flights.INPUTS, "classification")
    rows = flights.table()[list(flights.PIPELINE.model.features)].head(50).to_dict("records")
    plain = [{name: None if value != value else value for name, value in row.items()} for row in rows]
    assert (served.predictor.answers(plain) == flights.served().predictor.answers(plain)).all()


def test_arrays_that_answer_otherwise_today_are_left_for_the_estimator(flown, monkeypatch, caplog):
    from ml.pipelines import flight_delays

    right = flight_delays.as_clock_plain
    monkeypatch.setattr(flight_delays, "as_clock_plain", lambda columns: right(columns) + 700)
    served = opened(flown, "flight_delays", NOW)
    check(served)
    assert served.predictor.estimator is not None
    assert not served.predictor.compiled
    assert "flight_delays version 1 is compiled anew from its estimator: 16 of 16 golden requests" in caplog.text


@pytest.mark.parametrize("content", [b"", b"PK no archive", "half"], ids=["nothing", "no archive", "half of it"])
def test_arrays_that_are_damaged_are_left_for_the_estimator(flown, content, caplog):
    whole = flown.compiled.read_bytes()
    flown.compiled.write_bytes(whole[: len(whole) // 2] if content == "half" else content)
    served = opened(flown, "flight_delays", NOW)
    check(served)
    assert served.predictor.compiled
    assert "compiled.npz of a copy cannot be used" in caplog.text
