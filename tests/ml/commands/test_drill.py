"""``nightshift drill``, as it is typed."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app
from ml.errors import ConfigError, NightshiftError, NoData


@pytest.fixture
def typed(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))

    def invoke(*words):
        done = CliRunner().invoke(app, ["drill", "tiny", *words, "--workspace", str(tmp_path / "apart")])
        if isinstance(done.exception, NightshiftError):
            raise done.exception
        return done.stdout

    return invoke


def test_a_drill_on_days_of_the_source_prints_a_table_and_the_sum(typed):
    lines = typed("--from", "2013-06-01", "--to", "2013-06-05", "--days", "2").splitlines()
    assert lines[0] == "tiny: each fault into copies of 2 days, 2013-06-01 to 2013-06-05"
    assert any(line.startswith("sign_flipped") and "2 of  2" in line for line in lines)
    assert lines[-1].endswith("0 of 5 clean days stopped")


def test_as_json_it_counts(typed):
    document = json.loads(typed("--from", "2013-06-01", "--to", "2013-06-05", "--days", "1", "--json"))
    assert document["injected"] == len([f for f in document["faults"] if f["injected"]])
    assert 0 < document["caught"] <= document["injected"]
    assert document["false_stops"] == 0
    assert {"fault", "caught", "first", "rules", "slipped", "cannot"} <= set(document["faults"][0])


def test_a_drill_writes_nothing(typed, tmp_path):
    typed("--from", "2013-06-01", "--to", "2013-06-02", "--days", "1")
    assert list((tmp_path / "apart").rglob("*.parquet")) == []


def test_without_days_the_lake_is_asked(typed):
    with pytest.raises(NoData, match="the lake holds no accepted day"):
        typed()


def test_days_the_wrong_way_round_are_said(typed):
    with pytest.raises(ConfigError, match="--from 2013-06-05 is after --to 2013-06-01"):
        typed("--from", "2013-06-05", "--to", "2013-06-01")
