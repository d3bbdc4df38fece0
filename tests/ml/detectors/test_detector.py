"""What is true of every detector."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy
import polars as pl
import pytest

from ml.detectors import ROSTER, Champion, Concept, Frozen, Label, Place, Steady
from tests.ml.detectors.conftest import PLACE, rows

ALL = [member(by="town", columns=("heat",)) if member in (Frozen, Steady) else member() for member in ROSTER]
SEEN = Place(PLACE.event_time, PLACE.columns, lambda frame: frame["heat"].to_numpy() / 100, label="late")
LABELLED = (Label, Concept)
ASKING = (Champion, Concept)


@pytest.mark.parametrize("detector", ALL, ids=lambda d: d.kind)
def test_each_name_has_one_finite_score_for_each_night(detector, scored) -> None:
    found = scored(detector, place=SEEN)
    assert set(found) == set(detector.names(SEEN))
    assert all(values.shape == (26,) and numpy.isfinite(values).all() for values in found.values())


@pytest.mark.parametrize("detector", ALL, ids=lambda d: d.kind)
def test_a_night_of_the_past_has_the_score_that_it_had(detector, scored, days) -> None:
    from ml.detectors.windows import night

    kept = [detector.summary(rows(day), SEEN) for day in days[:30]]
    then = detector.scores(days[:30], kept, [night(days[:30], days[29], 14, 1)], 50, SEEN)
    for name, values in scored(detector, place=SEEN).items():
        assert then[name][0] == pytest.approx(values[15])


@pytest.mark.parametrize("detector", [d for d in ALL if not isinstance(d, LABELLED)], ids=lambda d: d.kind)
def test_an_empty_day_has_no_score_and_ends_nothing(detector, scored) -> None:
    for values in scored(detector, spoil=lambda frame: frame.clear(), place=SEEN).values():
        assert numpy.isnan(values[-1])


@pytest.mark.parametrize("detector", [d for d in ALL if not isinstance(d, ASKING)], ids=lambda d: d.kind)
def test_columns_that_are_gone_end_nothing(detector) -> None:
    bare = pl.DataFrame({"at": [date(2013, 1, 1)]}).with_columns(pl.col("at").cast(pl.Datetime))
    detector.summary(bare, SEEN)


@pytest.mark.parametrize("detector", ALL, ids=lambda d: d.kind)
def test_a_detector_says_what_its_score_is(detector) -> None:
    assert detector.says
    assert detector.kind in next(iter(detector.names(SEEN)))


NASTY = {
    "lists": [[1], [2]],
    "times": [datetime(2013, 1, 1)] * 2,
    "spans": [timedelta(1)] * 2,
    "text": ["n/a", "1.5"],
    "decimals": [Decimal("1.5"), Decimal(2)],
    "booleans": [True, False],
    "structs": [{"a": 1}, {"a": 2}],
    "bytes": [b"a", b"b"],
    "nulls": [None, None],
}


@pytest.mark.parametrize("values", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("detector", [d for d in ALL if not isinstance(d, ASKING)], ids=lambda d: d.kind)
def test_values_of_any_type_end_nothing(detector, values, scored) -> None:
    def spoil(frame):
        odd = pl.Series(values * (frame.height // 2))
        return frame.with_columns(odd.alias("heat"), odd.alias("town"))

    found = scored(detector, spoil, place=SEEN)
    assert set(found) == set(detector.names(SEEN))
