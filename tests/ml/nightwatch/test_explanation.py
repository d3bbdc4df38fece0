"""The rows of a night's check, put before the signs."""

import polars as pl
import pytest

from ml import steps
from ml.nightwatch import explanation
from ml.nightwatch.history import History
from ml.records import ColumnDrift

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
