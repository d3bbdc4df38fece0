from dataclasses import replace
from datetime import timedelta

import numpy
import pytest

from ml import steps
from ml.detectors import Concept, Label
from ml.errors import DataError
from ml.nightwatch import thresholds
from ml.nightwatch.history import History
from ml.nightwatch.report import tonight
from tests.ml.nightwatch.conftest import batch_of

pytestmark = pytest.mark.integration


def detected(run):
    return steps.detect(run, batch_of(run), steps.calibrate(run, batch_of(run)))


def test_a_quiet_night_is_quiet_and_names_its_calibration(watched) -> None:
    run = watched()
    report = detected(run)
    assert not report.alarm
    assert report.calibration == steps.calibrate(run, batch_of(run)).uri
    assert all(column.p_value is not None and column.threshold for column in report.columns)
    assert run.workspace.ledger.drift_history("tiny") == [report]


def test_a_shift_alarms_in_its_column_with_a_small_p_value(watched) -> None:
    report = detected(watched(heavier=1))
    assert report.alarm
    assert report.drifted == ("weight",)
    (weight,) = [column for column in report.columns if column.column == "weight"]
    assert weight.p_value < 0.01


def test_detectors_stand_on_the_page_too(watched) -> None:
    run = watched()
    page = run.workspace.lake.read_bytes(detected(run).html).decode()
    assert "missing: town" in page


@pytest.mark.parametrize(("heavier", "alarm"), [(1, False), (2, True)])
def test_an_alarm_that_must_last_two_nights_waits_for_the_second(watched, heavier, alarm) -> None:
    report = detected(watched(nights=2, heavier=heavier))
    assert "weight" in report.drifted
    assert report.alarm is alarm


def test_a_column_that_is_gone_alarms_with_a_sentence_and_the_others_are_judged(watched) -> None:
    """The contract would stop such a day; one without a rule for the column does not."""
    run = watched()
    made, batch = steps.calibrate(run, batch_of(run)), batch_of(run)
    frame = run.workspace.lake.read([batch.uri]).drop("town")
    stored = run.workspace.lake.put_frame(frame, "tiny", "accepted")
    run.workspace.ledger.record_batches(
        [batch.model_copy(update={"uri": stored.uri, "fingerprint": stored.fingerprint, "seen": None})]
    )
    report = steps.detect(run, batch, made)
    found = {column.column: column for column in report.columns}
    assert report.alarm
    assert found["town"].problem == "there is no such column in the current rows"
    assert found["missing: town"].drifted
    assert found["novel: town"].problem == "not enough rows"
    assert found["weight"].score is not None


def test_a_number_of_the_owners_stands_whatever_the_calibration_says(watched) -> None:
    run = watched(weight=", threshold: 0.001")
    report = detected(run)
    assert report.alarm
    assert next(c for c in report.columns if c.column == "weight").threshold == 0.001
    assert "weight" not in steps.calibrate(run, batch_of(run)).thresholds


def test_a_column_may_leave_reference_days_out(watched) -> None:
    run = watched(weight=", reference: 3d")
    before = {c.column: c.score for c in detected(run).columns}
    whole = {c.column: c.score for c in detected(watched()).columns}
    assert before["weight"] != whole["weight"]
    assert before["town"] == whole["town"]


def test_tails_that_are_not_there_are_an_error(watched) -> None:
    run = watched()
    made = steps.calibrate(run, batch_of(run)).model_copy(update={"uri": None})
    with pytest.raises(DataError, match="there are no tails"):
        thresholds.tails(History.of(run), made)


def labelled(run):
    """The run with detectors that need labels and a champion."""
    drift = run.pipeline.drift.model_copy(update={"detectors": (Concept(days=3), Label(days=3))})
    return replace(run, pipeline=run.pipeline.model_copy(update={"drift": drift}))


def test_without_a_champion_the_report_says_so_and_the_others_are_judged(watched) -> None:
    run = labelled(watched())
    report = detected(run)
    found = {column.column: column for column in report.columns}
    assert found["concept: late"].problem == "no champion yet"
    assert found["concept: late"].threshold is None
    assert "concept: late" not in steps.calibrate(run, batch_of(run)).thresholds
    assert found["label: late"].threshold
    assert "no champion yet" in run.workspace.lake.read_bytes(report.html).decode()


def test_a_score_that_few_past_nights_have_cannot_alarm_and_says_so(watched) -> None:
    history = History.of(labelled(watched()))
    place = replace(
        history.replay.place,
        predict=lambda rows: numpy.full(rows.height, 0.4),
        fitted_to=history.run.day - timedelta(days=20),
    )
    young = replace(history, replay=replace(history.replay, place=place))
    report = tonight(young, thresholds.make(young))
    entry = next(column for column in report.columns if column.column == "concept: late")
    assert entry.score is not None
    assert (entry.threshold, entry.drifted) == (None, False)
    assert entry.problem == "fewer than 28 past nights have such a score; it cannot alarm yet"


def test_thresholds_belong_to_one_champion(watched) -> None:
    history = History.of(labelled(watched()))
    place = replace(history.replay.place, fitted_to=history.run.day)
    other = replace(history, replay=replace(history.replay, place=place))
    assert thresholds.settings(other) != thresholds.settings(history)
