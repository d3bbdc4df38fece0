import json
from datetime import date

import pytest
from typer.testing import CliRunner

from ml import steps
from ml.cli import app
from ml.errors import ConfigError
from ml.walker import InProcess

pytestmark = pytest.mark.integration


@pytest.fixture
def call(tiny, tmp_path, monkeypatch, workspace):
    """Calls ``nightshift contract …`` on the small pipeline."""
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))

    def of(*words):
        return CliRunner().invoke(app, ["contract", *words, "--workspace", str(tmp_path / "apart")])

    return of


def test_a_suggestion_is_yaml_or_one_document(call, workspace):
    do = InProcess(workspace.run("tiny", date(2013, 6, 1)))
    do(steps.validate, do(steps.pull))
    printed = call("suggest", "tiny")
    assert printed.exit_code == 0, printed.output
    assert "contract:" in printed.stdout.splitlines()
    assert json.loads(call("suggest", "tiny", "--json").stdout)["days"] == 32


def test_a_replay_counts_days_stops_and_refused_rows(call):
    found = json.loads(call("test", "tiny", "--from", "2013-05-20", "--to", "2013-06-01", "--json").stdout)
    assert {key: found[key] for key in ("days", "stopped", "refused_rows")} == {
        "days": 13,
        "stopped": 0,
        "refused_rows": 0,
    }
    assert call("test", "tiny", "--from", "2013-05-20", "--to", "2013-06-01").stdout.startswith("tiny: 13 days")


def test_days_the_wrong_way_round_are_a_sentence(call):
    refused = call("test", "tiny", "--from", "2013-06-02", "--to", "2013-06-01").exception
    assert isinstance(refused, ConfigError)
    assert str(refused) == "--from 2013-06-02 is after --to 2013-06-01"
