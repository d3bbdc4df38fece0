"""Every comparison, kept."""

import math
from datetime import date

from ml.days import Span
from ml.records import ColumnDrift, DriftReport

DAY = date(2013, 1, 31)


def report(day=DAY, score=0.3):
    return DriftReport(
        pipeline="flights",
        day=day,
        reference=(date(2012, 12, 1), date(2013, 1, 24)),
        current=(date(2013, 1, 25), day),
        reference_rows=45000,
        current_rows=6000,
        columns=(
            ColumnDrift(column="dist", method="psi", threshold=0.2, score=score, drifted=score > 0.2),
            ColumnDrift(column="gone", method="psi", threshold=0.2, score=None, drifted=True, problem="not there"),
        ),
        html="drift/a.html",
    )


def test_a_report_comes_back_as_it_was_and_only_once(ledger):
    assert [ledger.record_drift(report()) for _ in range(2)] == [True, False]
    assert ledger.drift_history("flights") == [report()]


def test_an_infinite_score_survives(ledger):
    ledger.record_drift(report(score=math.inf))
    assert ledger.drift_history("flights")[0].columns[0].score == math.inf


def test_the_newest_report_of_a_day_counts(ledger):
    for score in (0.3, 0.1):
        ledger.record_drift(report(score=score))
    assert ledger.drift_history("flights") == [report(score=0.1)]


def test_history_can_be_cut_to_a_span(ledger):
    for day in (date(2013, 1, 30), DAY):
        ledger.record_drift(report(day))
    assert [r.day for r in ledger.drift_history("flights", Span(DAY, DAY))] == [DAY]
