"""``nightshift reproduce``."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app

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


def test_one_that_does_not_is_exit_code_1(called, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    told = called("tiny@production")
    assert told.exit_code == 1
    assert "threads: the number of OpenMP threads was 1, here it is 2" in told.output
