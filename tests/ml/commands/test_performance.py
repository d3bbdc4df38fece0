"""``nightshift performance``."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app

pytestmark = pytest.mark.integration


def test_before_the_first_night_it_says_so(tmp_path, monkeypatch):
    from tests.tiny import write

    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(write(tmp_path / "tiny")))
    place = ["--workspace", str(tmp_path / "apart")]
    told = CliRunner().invoke(app, ["performance", "tiny", *place])
    assert told.output.strip() == "tiny: no night has looked at what came true yet"
    document = json.loads(CliRunner().invoke(app, ["performance", "tiny", *place, "--json"]).output)
    assert (document["newest"], document["performance"]) == (None, [])
