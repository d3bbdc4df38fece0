from datetime import date, datetime, timedelta

import polars as pl
import pytest

from ml.rules.columns import ColumnRule
from ml.rules.series import Line, Series, breaches

START = datetime(2013, 5, 8)


def hourly(values, start=START, place="JFK"):
    times = [start + timedelta(hours=n) for n in range(len(values))]
    return pl.DataFrame({"place": place, "at": times, "x": values}, schema_overrides={"x": pl.Float64})


def broken(frame, before=None, by=("place",), apart=2.0, **rule):
    found = breaches({"x": ColumnRule(type="float", **rule)}, Series(by=by, time="at", apart=apart), frame, before)
    return [(rule.name, [n for n, breaks in enumerate(rows) if breaks]) for rule, rows in found]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([57, 57, 13, 57, 55], [2]),
        ([57, 57, 99, 57, 55], [2]),
        ([57, None, 13, None, 57], [2]),
        ([57, 57, 36, 30, 29], []),  # a front passes: a step is no spike
        ([57, 40, 57], []),  # not high enough
        ([57, 57, 57, 13], [3]),  # the last hour, off the two before it
        ([57, 57, 57, None, 13], [4]),
        ([57, 57, 57, 13, None], [3]),
        ([57, 57, 13, 57], [2]),  # it came back, so the one before it was the spike
        ([57, 57, 30, 13], []),  # it falls from hour to hour
        ([57, 57, 36, 36], []),  # a step an hour ago
        ([57, 57, 57, 40], []),  # not high enough
        ([57, 13], []),  # nobody knows which of the two is right
        ([57, 57, 57, None, None, 13], []),  # too far away
        ([13, 57, 57, 57], []),  # the first hour of all has nothing before it
        ([57, 13, None, None, 57], []),  # too far away
        ([57], []),
        ([None, None], []),
    ],
)
def test_a_value_off_both_neighbours_is_a_spike(values, rows):
    assert broken(hourly(values), spike=20) == ([("spike", rows)] if rows else [])


def test_neighbours_are_those_of_the_same_series_whatever_the_order_of_rows():
    frame = pl.concat([hourly([57, 13, 57]), hourly([13, 12, 13], place="EWR")])
    assert broken(frame.sample(6, shuffle=True, seed=1).sort("x"), spike=20) == [("spike", [2])]
    assert broken(frame, spike=20, by=()) == [("spike", [2])]


def test_the_first_hours_of_a_day_have_their_neighbours_in_the_day_before():
    today = hourly([13, 57, 57])
    assert broken(today, spike=20) == []
    assert broken(today, hourly([57, 57], START - timedelta(hours=2)), spike=20) == [("spike", [0])]
    assert broken(today, pl.DataFrame({"place": ["JFK"]}), spike=20) == []


def test_the_last_hour_of_each_series_is_judged_with_what_is_there():
    frame = pl.concat([hourly([57, 57, 13]), hourly([50, 50, 50], place="EWR")])
    assert broken(frame, spike=20) == [("spike", [2])]
    before = hourly([57, 57], START - timedelta(hours=2))
    assert broken(hourly([13]), before, spike=20) == [("spike", [0])]
    assert broken(hourly([57]), hourly([57, 13], START - timedelta(hours=2)), spike=20) == []


def test_what_stands_out_is_told_so_that_a_limit_above_it_refuses_nothing():
    days = hourly([57, 60, 57] + [57] * 20 + [45] + [45] * 24)  # a step into the last hour of the first day
    line = Line.of(Series(by=("place",), time="at"), ["x"], days, None)
    assert line.tallest("x") == 12
    assert Line.of(Series(by=("place",), time="at"), ["x"], hourly([57, 60, 57, 57]), None).tallest("x") == 3


def test_a_value_that_never_changes_is_frozen():
    assert broken(hourly([1, 5, 5, 5, 5, 2]), frozen=3) == [("frozen", [1, 2, 3, 4])]
    assert broken(hourly([1, 5, 5, 5, 2]), frozen=3) == []
    assert broken(hourly([5, None, None, 5]), frozen=3, apart=3) == [("frozen", [0, 3])]
    assert broken(hourly([5, None, None, 5]), frozen=3) == []


def test_it_may_rest_where_its_owner_says_so():
    assert broken(hourly([10] * 9 + [0] * 9), frozen=8, rests=(10, 0)) == []


def test_a_rest_that_began_yesterday_is_as_long_as_it_is():
    before = hourly([5, 5], START - timedelta(hours=2))
    assert broken(hourly([5, 5, 6]), before, frozen=3) == [("frozen", [0, 1])]


def test_a_column_may_break_both_rules_and_whole_numbers_and_dates_will_do():
    frame = pl.DataFrame({"at": [date(2013, 1, day) for day in (1, 2, 3)], "x": [1, 90, 1]})
    assert broken(frame, by=(), apart=24, spike=20) == [("spike", [1])]


def test_no_rows_break_nothing():
    assert broken(hourly([]), spike=1, frozen=1) == []
    assert breaches({"x": ColumnRule(type="float")}, Series(time="at"), hourly([1]), None) == []
