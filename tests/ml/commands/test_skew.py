"""``nightshift skew``, as it is typed."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from ml import steps
from ml.cli import app
from ml.days import Span
from ml.predictions.entries import Entries

DAY = date(2013, 6, 1)


@pytest.fixture
def typed(workspace, tmp_path, tiny, monkeypatch):
    """Types the command; with ``twice`` a service was sent every weight in another unit."""
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    run = workspace.run("tiny", DAY)
    steps.validate(run, steps.pull(run))
    rows = workspace.lake.read([workspace.ledger.batches("tiny", Span(DAY, DAY))[0].uri])

    def invoke(*words, twice=False):
        sent = [row | {"weight": row["weight"] * (2 if twice else 1)} for row in rows.iter_rows(named=True)]
        at = run.started
        made = Entries(run.pipeline).of(sent, [0.5] * len(sent), 1, "production", "desk", at)
        workspace.ledger.record_predictions(made)
        call = ["skew", "tiny", "--from", str(DAY), "--to", str(DAY), "--workspace", str(tmp_path / "apart"), *words]
        return CliRunner().invoke(app, call)

    return invoke


def test_equal_features_are_said_to_be_and_the_command_ends_well(typed):
    done = typed()
    assert done.exit_code == 0
    lines = ["tiny 2013-06-01:", "  weight: 60 equal to the lake", "  town: 60 equal to the lake"]
    assert done.stdout.splitlines() == lines


def test_a_feature_that_differs_is_named_and_ends_with_3(typed):
    done = typed("--json", twice=True)
    assert done.exit_code == 3
    found = {each["feature"]: each for each in json.loads(done.stdout)["features"]}
    assert (found["weight"]["differ"], found["town"]["differ"]) == (60, 0)
