"""A saved model in a process of its own: a real one, since nothing else shows what a service would meet."""

import json
import os
from pathlib import Path

import numpy
import pytest
import yaml
from sklearn.preprocessing import FunctionTransformer

from ml import fresh_process, training
from ml.gates.trial import Served

pytestmark = pytest.mark.integration


@pytest.fixture
def saved(tmp_path):
    """Writes an estimator's folder as MLflow does."""

    def of(estimator, name="one", requirements="numpy==" + numpy.__version__):
        from skops import io

        folder = tmp_path / name
        folder.mkdir()
        declared = json.dumps([{"type": "double", "name": "size", "required": True}])
        about = {
            "flavors": {"sklearn": {"serialization_format": "skops", "pickled_model": "model.skops"}},
            "signature": {"inputs": declared},
        }
        (folder / "MLmodel").write_text(yaml.safe_dump(about))
        (folder / "requirements.txt").write_text(requirements)
        (folder / "model.skops").write_bytes(io.dumps(estimator))
        return folder

    return of


@pytest.fixture
def fitted(model, table):
    return training.fit(model(features=["size", "town"]), table())


def test_a_model_answers_as_it_did_here_and_says_what_it_costs(saved, fitted, table, monkeypatch):
    monkeypatch.setattr(fresh_process, "ROUNDS", 2)
    requests = table().head(20)
    served = fresh_process.serve("classification", {"challenger": saved(fitted)}, requests)["challenger"]
    assert served.answers == tuple(training.predict("classification", fitted, requests))
    assert (served.refused, served.missing, served.inputs) == (None, (), (("size", "double"),))
    assert served.size > 1000
    assert 0 < served.milliseconds[1] < 60_000
    assert 0 < served.milliseconds[100] < 60_000


def test_models_take_turns_and_one_that_does_not_open_stops_nobody(saved, fitted, table, monkeypatch):
    monkeypatch.setattr(fresh_process, "ROUNDS", 1)
    folders = {
        "challenger": saved(FunctionTransformer(numpy.save), "bad"),
        "champion": saved(fitted, "good", "scikit-learn==0.1\nno-such-thing==1\n"),
    }
    served = fresh_process.serve("classification", folders, table().head(3))
    assert "numpy.save, which is not trusted" in served["challenger"].refused
    assert served["challenger"].milliseconds == {}
    assert served["champion"].refused is None
    unmet = served["champion"].missing
    assert unmet[0].startswith("scikit-learn==0.1 (")
    assert unmet[1] == "no-such-thing==1 (not here)"


def test_a_file_that_is_no_model_is_a_reason_and_no_crash(saved, fitted, table):
    folder = saved(fitted)
    (folder / "model.skops").write_bytes(b"\x80\x04.")
    served = fresh_process.serve("classification", {"challenger": folder}, table().head(3))["challenger"]
    assert "is refused: its file is damaged" in served.refused


def test_a_process_that_takes_too_long_is_ended(saved, fitted, table, monkeypatch):
    folder = saved(fitted)
    monkeypatch.setattr(fresh_process, "WITHIN", 0.05)
    served = fresh_process.serve("classification", {"challenger": folder}, table().head(3))["challenger"]
    assert served.refused.startswith("its process ended with exit code -9 after 0 s")


def test_its_process_is_told_no_secret(saved, fitted, table, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_SMTP_URL", "smtp://user:secret@host")
    with fresh_process._started("classification", saved(fitted), Path("none"), Path(os.devnull)) as process:
        told = Path(f"/proc/{process.process.pid}/environ").read_bytes()
    assert b"secret" not in told


def test_the_quietest_round_counts_and_one_slow_request_of_twenty_does_not(tmp_path):
    (tmp_path / "file").write_bytes(b"12345")
    rounds = [
        {"1": [(5.0, 1.0)] * 20, "100": [(9.0, 8.0)] * 5},
        {"1": [*[(2.0, 2.0)] * 19, (50.0, 3.0)], "100": [(7.0, 8.5)] * 5},
    ]
    served = fresh_process._served(tmp_path, {}, rounds)
    assert served == Served(5, (), milliseconds={1: 2.0, 100: 7.0}, busy={1: 1.0, 100: 8.0})
