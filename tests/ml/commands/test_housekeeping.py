"""``nightshift housekeeping``."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app

pytestmark = pytest.mark.integration


def test_a_dry_run_tells_of_each_pipeline(walked, monkeypatch):
    monkeypatch.setattr("ml.commands.housekeeping.open_workspace", lambda apart: walked)
    told = CliRunner().invoke(app, ["housekeeping", "--dry-run"])
    assert told.exit_code == 0
    assert told.output == "tiny: 0 things would go, 0 B\n"
    told = CliRunner().invoke(app, ["housekeeping", "tiny", "--dry-run", "--json"])
    (found,) = json.loads(told.output)["pipelines"]
    assert (found["pipeline"], found["dry_run"], found["removed"], found["bytes"]) == ("tiny", True, [], 0)
