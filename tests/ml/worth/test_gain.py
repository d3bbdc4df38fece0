"""A gain with its interval."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.prices import Loss
from ml.worth.gain import Gain, gain
from tests.ml.ledger.test_weighings import WEIGHED

DAY = date(2013, 6, 1)
DAYS = st.lists(st.tuples(st.integers(1, 500), st.floats(-1, 1)), min_size=1, max_size=20)


def weighed(days):
    """A row of the ledger for each (rows, gain a row)."""
    return [
        WEIGHED.model_copy(
            update={"day": DAY + timedelta(days=n), "rows": rows, "losses": {"log_loss": (0.0, per_row)}}
        )
        for n, (rows, per_row) in enumerate(days)
    ]


def of(days):
    return gain(weighed(days), Loss(), "log_loss")


@given(DAYS)
def test_the_total_is_the_sum_over_all_rows_and_lies_in_its_interval(days):
    found = of(days)
    assert found.total == pytest.approx(sum(rows * per_row for rows, per_row in days), abs=1e-9)
    assert (found.days, found.rows) == (len(days), sum(rows for rows, _ in days))
    if found.interval:
        assert found.interval[0] - 1e-9 <= found.total <= found.interval[1] + 1e-9


@given(st.lists(st.integers(1, 500), min_size=3, max_size=20))
def test_a_version_beside_itself_gains_nothing_and_shows_nothing(rows):
    found = of([(count, 0.0) for count in rows])
    assert (found.total, found.interval, found.shown) == (0, (0, 0), False)


def test_days_that_agree_show_it_and_two_days_show_nothing():
    assert of([(100, 0.1), (100, 0.11), (100, 0.09)]).as_json()["shown"]
    assert not of([(100, 0.3), (100, -0.3), (100, 0.1)]).shown
    two = of([(100, 0.1), (100, 0.1)])
    assert (two.interval, two.shown, round(two.total, 9)) == (None, False, 20)


def test_unknown_days_are_counted_and_in_no_sum():
    gone = WEIGHED.model_copy(update={"day": DAY, "state": "unknown", "why": "gone", "losses": {}, "weighed": 0})
    assert gain([gone], Loss(), "log_loss") == Gain(unknown=1)
    found = gain([gone, *weighed([(10, 0.5)])], Loss(), "log_loss")
    assert (found.total, found.days, found.unknown, found.per_row) == (5, 1, 1, 0.5)


def test_a_cost_moves_both_ends():
    found = of([(100, 0.1), (100, 0.11), (100, 0.09)]).less(31)
    assert found.total == pytest.approx(-1)
    assert found.interval[0] < -1 < found.interval[1]
    assert not found.shown
