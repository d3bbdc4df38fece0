"""``nightshift worth``."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app

pytestmark = pytest.mark.integration


def test_real_nights_say_what_their_retrains_were_worth(nights, tmp_path, monkeypatch):
    place = nights.after(4)
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(place.pipelines.parent))
    words = ["worth", "tiny", "--workspace", str(nights.apart)]
    told = CliRunner().invoke(app, [*words, "--picture", str(tmp_path / "worth.png")])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("tiny: 3 retrains after the first version, 3 promoted, gave ")
    assert (tmp_path / "worth.png").read_bytes().startswith(b"\x89PNG")
    document = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert told.output.splitlines()[0] == document["said"]
    first, second, third, _ = document["promotions"]
    assert (first["version"], first["previous"], first["gain"]) == (1, None, None)
    assert (second["version"], second["previous"], second["gain"]["days"]) == (2, 1, 1)
    assert third["gain"] is None
    assert all(each["seconds"] > 0 and each["minutes"] == 2 for each in document["promotions"])
    assert (document["stale"]["gain"]["days"], document["nights"]["seconds"] > 0) == (1, True)
