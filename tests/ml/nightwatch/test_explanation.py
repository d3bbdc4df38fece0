"""The rows of a night's check, put before the signs."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from ml import lines, steps
from ml.detectors import Concept, Label
from ml.nightwatch import explanation
from ml.nightwatch.history import History
from ml.nightwatch.report import tonight
from ml.records import ColumnDrift
from ml.walker import InProcess
from tests.tiny import write_day

from .conftest import batch_of

pytestmark = pytest.mark.integration


def explained(run):
    batch = batch_of(run)
    calibration = steps.calibrate(run, batch)
    report = steps.detect(run, batch, calibration)
    return report, explanation.case(History.of(run), report, calibration), calibration


def test_the_case_has_the_rows_that_were_compared(watched):
    report, case, _ = explained(watched(heavier=1))
    assert report.alarm
    assert (len(case.reference), len(case.current)) == (report.reference_rows, report.current_rows)
    assert case.moved == ("weight",)


def test_a_column_is_as_strong_in_its_eyes_as_in_the_check(watched):
    report, case, _ = explained(watched(heavier=1))
    weight = next(c for c in report.columns if c.column == "weight")
    assert case.strength("weight", case.reference, case.current) == pytest.approx(weight.score / weight.threshold)
    assert case.strength("weight", case.reference, case.reference) == 0


def test_a_heavier_day_that_holds_together_is_no_data_fault(watched):
    run = watched(heavier=1)
    batch = batch_of(run)
    calibration = steps.calibrate(run, batch)
    found = steps.diagnose(run, steps.detect(run, batch, calibration), calibration)
    assert found.kind == "covariate shift"
    assert found.profile == batch.profile
    assert found.action == "mail"
    assert any("alone so far" in doubt for doubt in found.doubts)


def test_whether_a_single_day_is_not_alone_is_seen_from_the_accepted_day_before(watched):
    run = watched(heavier=2)
    _, case, calibration = explained(run)
    days = sorted(case.lasting["at"].dt.date.unique())
    assert days == [run.day - timedelta(days=1), run.day]
    report = tonight(History.of(run), calibration)
    wider = report.model_copy(update={"current": (run.day - timedelta(days=2), run.day)})
    assert explanation.case(History.of(run), wider, calibration).recent is None


def test_a_quiet_night_has_no_diagnosis(watched):
    run = watched()
    batch = batch_of(run)
    calibration = steps.calibrate(run, batch)
    report = steps.detect(run, batch, calibration)
    assert steps.diagnose(run, report.model_copy(update={"alarm": False}), calibration) is None


def test_what_a_detector_watches_moved_too(watched):
    report, _, _ = explained(watched(heavier=1))
    seen = ColumnDrift(column="novel: town", method="novel", threshold=0.1, score=0.9, drifted=True)
    more = report.model_copy(update={"columns": (*report.columns, seen)})
    assert explanation.moved(more, {"weight": None, "town": None}) == ("weight", "town")


def test_a_column_of_nulls_has_no_strength(watched):
    _, case, _ = explained(watched(heavier=1))
    empty = case.current.assign(weight=pl.Series([None] * len(case.current), dtype=pl.Float64).to_pandas())
    assert case.strength("weight", case.reference, empty) == 0


PROMOTED, NEWEST = date(2013, 6, 1), date(2013, 6, 20)


@pytest.fixture
def inverted(workspace, tiny):
    """A night whose champion is nineteen days old; for a week heavy parcels have been in time, and light ones late."""
    do = InProcess(workspace.run("tiny", PROMOTED))
    lines.retrain(do, lines.nightly(do))
    for n in range(1, (NEWEST - PROMOTED).days + 1):
        day = PROMOTED + timedelta(days=n)
        path = write_day(tiny.parent / "data", day)
        if NEWEST - timedelta(days=7) <= day < NEWEST:
            pl.read_parquet(path).with_columns(late=1 - pl.col("late")).write_parquet(path)
    run = workspace.run("tiny", NEWEST)
    drift = run.pipeline.drift.model_copy(
        update={"reference": 45, "current": 1, "min_rows": 40, "detectors": (Concept(days=7), Label())}
    )
    run = replace(run, pipeline=run.pipeline.model_copy(update={"drift": drift}))
    steps.validate(run, steps.pull(run))
    return run


def alarmed(report, only):
    """The report as it is when this detector passed its threshold."""
    columns = [c.model_copy(update={"threshold": 0.01, "drifted": c.column == only}) for c in report.columns]
    return report.model_copy(update={"columns": tuple(columns), "alarm": True})


def test_a_concept_alarm_where_no_input_moved_is_concept_shift_and_asks_for_a_recent_retrain(inverted):
    report = tonight(History.of(inverted), None)
    found = {column.column: column for column in report.columns}
    assert found["concept: late"].score > 0.5
    assert not report.drifted
    diagnosis = steps.diagnose(inverted, alarmed(report, "concept: late"), None)
    assert (diagnosis.kind, diagnosis.action) == ("concept shift", "recent")
    assert diagnosis.evidence[0].sign == "order"


@pytest.mark.parametrize(
    ("method", "kind", "action"), [("concept", "concept shift", "recent"), ("label", "label shift", "retrain")]
)
def test_an_alarm_of_labels_alone_is_never_taken_for_one_of_inputs(watched, method, kind, action):
    run = watched()
    report = tonight(History.of(run), None)
    seen = ColumnDrift(column=f"{method}: late", method=method, threshold=0.1, score=0.9, drifted=True)
    quiet = tuple(c.model_copy(update={"drifted": False}) for c in report.columns)
    found = steps.diagnose(run, report.model_copy(update={"columns": (*quiet, seen), "alarm": True}), None)
    assert (found.kind, found.action) == (kind, action)
    assert found.evidence[0].sentence == f"{method}: late passed its threshold (0.9, from 0.1 on), no input did"


def test_where_an_input_moved_too_the_labels_do_not_decide_alone(watched):
    run = watched(heavier=1)
    report, _, calibration = explained(run)
    seen = ColumnDrift(column="label: late", method="label", threshold=0.1, score=0.9, drifted=True)
    more = report.model_copy(update={"columns": (*report.columns, seen)})
    assert steps.diagnose(run, more, calibration).kind == "covariate shift"
