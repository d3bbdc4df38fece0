"""``nightshift performance``."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app
from tests.ml.truth.conftest import truth  # noqa: F401

pytestmark = pytest.mark.integration


def test_before_the_first_night_it_says_so(tmp_path, monkeypatch):
    from tests.tiny import write

    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(write(tmp_path / "tiny")))
    place = ["--workspace", str(tmp_path / "apart")]
    told = CliRunner().invoke(app, ["performance", "tiny", *place])
    assert told.output.strip() == "tiny: no night has looked at what came true yet"
    document = json.loads(CliRunner().invoke(app, ["performance", "tiny", *place, "--json"]).output)
    assert (document["newest"], document["performance"], document["estimated"]) == (None, [], [])


def test_estimated_and_realised_performance_are_drawn(truth, tmp_path, monkeypatch):  # noqa: F811
    place, _ = truth
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(place.pipelines.parent))
    words = ["performance", "tiny", "--workspace", str(place.lake.root.parent), "--picture", str(tmp_path / "x.png")]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    assert "estimated log_loss unknown, " in told.output
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
