from datetime import date, datetime, timedelta

import numpy
import pandas
import polars as pl
import pytest

from ml.detectors import Clock, Missing, Place
from ml.detectors.windows import night, nights
from ml.drift import EvidentlyDrift
from ml.drift.replay import Replay, evenly, thinned

DAYS = [date(2013, 1, 1) + timedelta(days=n) for n in range(30)]
PLAN = EvidentlyDrift(
    false_alarms="1 per 30 days",
    min_rows=40,
    columns={
        "size": {"method": "wasserstein"},
        "town": {"method": "jensenshannon", "given": "weekday"},
        "cost": {"method": "ks", "reference": "5d"},
    },
    detectors=[{"kind": "clock"}, {"kind": "missing"}],
)
REPLAY = Replay(
    PLAN.columns, PLAN.detectors, PLAN.min_rows, Place("at", {n: c.column_kind for n, c in PLAN.columns.items()})
)


def rows(day: date, count: int = 60) -> pl.DataFrame:
    rng = numpy.random.default_rng(day.toordinal())
    return pl.DataFrame(
        {
            "at": [datetime(day.year, day.month, day.day, int(hour)) for hour in rng.integers(5, 23, count)],
            "size": rng.normal(rng.normal(), 1, count),
            "town": rng.choice(["Aachen", "Bonn"], count),
            "cost": rng.integers(0, 9, count),
        }
    )


def test_each_column_and_detector_has_a_score_for_each_night() -> None:
    found = REPLAY.scores([REPLAY.day(day, rows(day)) for day in DAYS], nights(DAYS, 14, 1))
    assert set(found) == set(REPLAY.scales()) >= {"size", "town", "cost", "clock: at", "missing: size"}
    assert all(numpy.isfinite(values).all() and len(values) == 16 for values in found.values())


@pytest.mark.integration
def test_a_score_is_that_of_the_report_of_that_night() -> None:
    """Weekdays and shorter references included: the report gets nulls for the rows that a column leaves out."""
    window = night(DAYS, DAYS[25], 14, 1)
    found = REPLAY.scores([REPLAY.day(day, rows(day)) for day in DAYS], [window])
    before = pl.concat([rows(DAYS[p]) for p in window.reference]).to_pandas()
    left_out = {
        name: pandas.Series([p not in check for p in window.reference for _ in range(60)])
        for name, check in {
            n: window.given(DAYS, c.given, c.reference).reference for n, c in PLAN.columns.items()
        }.items()
    }
    compared = PLAN.compare(before, rows(DAYS[25]).to_pandas(), left_out=left_out)
    assert {c.column: pytest.approx(c.score, rel=1e-9) for c in compared.columns} == {
        n: found[n][0] for n in PLAN.columns
    }
    assert not any(column.drifted for column in compared.columns)


def test_too_few_rows_are_no_score() -> None:
    days = [REPLAY.day(day, rows(day, 60 if day != DAYS[-1] else 39)) for day in DAYS]
    found = REPLAY.scores(days, [night(DAYS, DAYS[-1], 14, 1)])
    assert all(numpy.isnan(values).all() for values in found.values())


def test_of_very_many_rows_the_same_few_are_looked_at() -> None:
    frame = pl.DataFrame({"n": range(1000)})
    assert thinned(frame, 4)["n"].to_list() == [0, 250, 500, 750]
    assert thinned(frame, 1000) is frame


def test_places_lie_at_even_distances_and_few_rows_are_all_there() -> None:
    assert list(evenly(10, 4)) == [0, 2, 5, 7]
    assert list(evenly(4, 4)) == [0, 1, 2, 3]


def test_detectors_are_those_of_the_yaml() -> None:
    assert PLAN.detectors == (Clock(), Missing())
