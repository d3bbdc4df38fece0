"""``nightshift calibrate``, as it is typed."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app
from ml.errors import ConfigError, NightshiftError
from tests.ml.nightwatch.conftest import watched  # noqa: F401
from tests.tiny import LAST

pytestmark = pytest.mark.integration


@pytest.fixture
def typed(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))

    def invoke(config, *words):
        monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(config))
        call = ["calibrate", "tiny", "--day", str(LAST), "--workspace", str(tmp_path / "apart"), *words]
        done = CliRunner().invoke(app, call)
        if isinstance(done.exception, NightshiftError):
            raise done.exception
        return done.stdout

    return invoke


def test_it_prints_what_it_rests_on_and_each_threshold(watched, typed, tmp_path):  # noqa: F811
    watched()
    lines = typed(tmp_path / "config").splitlines()
    assert lines[0].startswith(f"tiny {LAST}: 32 quiet nights support at most 1 false alarm per 16 days;")
    assert "holds until" in lines[1]
    assert [line.split()[0] for line in lines[2:]] == ["clock:", "missing:", "missing:", "novel:", "town", "weight"]


def test_it_is_kept_and_the_night_uses_it(watched, typed, tmp_path):  # noqa: F811
    run = watched()
    document = json.loads(typed(tmp_path / "config", "--json"))
    (kept,) = run.workspace.ledger.calibrations("tiny")
    assert document == kept.model_dump(mode="json")


def test_without_a_rate_in_the_yaml_it_says_so(tiny, typed):
    with pytest.raises(ConfigError, match="drift has no false_alarms"):
        typed(tiny)
