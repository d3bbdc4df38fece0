"""``nightshift reproduce``."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app
from ml.records import Snapshot
from ml.reproduction import Reproduction
from ml.reproduction.differences import Difference
from ml.reproduction.report import Rebuilt

pytestmark = pytest.mark.integration


@pytest.fixture
def called(walked, monkeypatch):
    """The command in the walked workspace."""
    monkeypatch.setattr("ml.commands.reproduce.open_workspace", lambda apart: walked)
    return lambda *words: CliRunner().invoke(app, ["reproduce", *words])


def test_a_model_that_comes_out_to_the_bit_is_exit_code_0(called):
    told = called("tiny@production", "--json")
    assert told.exit_code == 0
    found = json.loads(told.output)
    assert (found["pipeline"], found["version"], found["identical"]) == ("tiny", 1, True)
    assert [model["identical"] for model in found["models"]] == [True, True]


def test_one_that_does_not_is_exit_code_1_with_what_differs(called, walked, monkeypatch):
    """Of a real training whose model is said to have come out otherwise; that it does is tried with ml.reproduction."""
    version = walked.registry.production("tiny")
    sentence = "the number of OpenMP threads was 1, here it is 2"
    digest, threads = "5" * 64, Difference(kind="threads", then="1", here="2", sentence=sentence)
    models = [
        Rebuilt(name=name, model_sha256=(digest, "8" * 64), probe_sha256=(digest, digest), probe_rows=200, moved=None,
                unmoved=None, differences=(threads,))
        for name in ("judged", "model")
    ]  # fmt: skip
    snapshot = Snapshot.model_validate_json(version.tags["nightshift.snapshot"])
    found = Reproduction(
        run_id=version.run_id, pipeline="tiny", version=1, snapshot=snapshot, place="here", models=models
    )
    monkeypatch.setattr("ml.reproduction.reproduce", lambda place, which: found)
    told = called("tiny@production")
    assert told.exit_code == 1
    assert "threads: the number of OpenMP threads was 1, here it is 2" in told.output
    assert told.output.endswith("Different: judged and model did not come out as before.\n")
