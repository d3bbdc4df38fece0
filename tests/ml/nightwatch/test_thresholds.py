import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ml import steps
from ml.errors import ConfigError
from ml.nightwatch import thresholds
from ml.nightwatch.history import History
from tests.ml.nightwatch.conftest import batch_of
from tests.tiny import LAST


def test_a_calibration_says_what_it_rests_on(watched) -> None:
    run = watched()
    made = steps.calibrate(run, batch_of(run))
    assert made.ready
    assert (made.asked, made.nights, made.last) == (20, 32, LAST - timedelta(days=1))
    assert set(made.thresholds) == {"weight", "town", "clock: at", "missing: weight", "missing: town", "novel: town"}
    assert made.sentence.startswith("32 quiet nights support at most 1 false alarm per 16 days;")
    document = json.loads(run.workspace.lake.read_bytes(made.uri))
    assert set(document["tails"]) == set(made.thresholds)
    assert document["days"][str(made.last)]


def test_it_is_made_once_and_holds_until_it_expires(watched) -> None:
    run = watched()
    made = steps.calibrate(run, batch_of(run))
    assert steps.calibrate(run, batch_of(run)) == made
    history = History.of(replace(run, day=made.expires - timedelta(days=1)))
    assert thresholds.valid(history) == made
    assert thresholds.valid(History.of(replace(run, day=made.expires))) is None
    assert thresholds.valid(History.of(replace(run, day=made.day - timedelta(days=1)))) is None


def test_the_same_days_give_the_same_calibration_byte_by_byte(watched) -> None:
    history = History.of(watched())
    assert thresholds.make(history) == thresholds.make(history)


def test_a_day_that_left_the_past_makes_it_due_again(watched) -> None:
    run = watched()
    steps.calibrate(run, batch_of(run))
    gone = run.workspace.ledger.batches(run.name)[20].model_copy(update={"state": "quarantined"})
    run.workspace.ledger.record_batches([gone])
    assert thresholds.valid(History.of(run)) is None
    assert str(gone.day) not in json.loads(run.workspace.lake.read_bytes(thresholds.make(History.of(run)).uri))["days"]


def test_thresholds_of_other_settings_are_refused(watched) -> None:
    run = watched()
    made = steps.calibrate(run, batch_of(run))
    with pytest.raises(ConfigError, match="belongs to other settings of drift; run nightshift calibrate tiny"):
        steps.detect(run, batch_of(run), made.model_copy(update={"settings": "0" * 64}))


def test_the_day_itself_is_never_among_its_own_quiet_days(watched) -> None:
    spoiled = thresholds.make(History.of(watched(heavier=1)))
    assert spoiled.last == LAST - timedelta(days=1)


def test_too_little_history_says_how_much_is_needed(watched) -> None:
    run = watched(first=LAST - timedelta(days=20))
    made = steps.calibrate(run, batch_of(run))
    assert not made.ready
    assert made.sentence == "not calibrated: 13 quiet nights, 28 needed"
    report = steps.detect(run, batch_of(run), made)
    assert not report.alarm
    assert "columns without a threshold of their own cannot alarm" in report.notes[0]


def test_without_a_rate_there_is_nothing_to_do(workspace) -> None:
    run = workspace.run("tiny", date(2013, 6, 1))
    steps.validate(run, steps.pull(run))
    assert steps.calibrate(run, batch_of(run)) is None
    with pytest.raises(ConfigError, match="drift has no false_alarms"):
        thresholds.make(History.of(run))
