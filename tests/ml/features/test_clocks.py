"""What was known of the past at each moment, beside the plain way of counting it."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features.clocks import values

START = datetime(2013, 1, 1)
KINDS = ("mean", "sum", "count", "last")


def moments(hours: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, 4 * hours).map(lambda quarter: START + timedelta(minutes=15 * quarter))


ROWS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        moments(72),
        st.integers(0, 40),
        st.sampled_from([0.0, 1.0, 0.1, -2.7, 1e6 / 3, float("nan")]),
    ),
    max_size=30,
)
CLOCKS = st.lists(moments(96), min_size=1, max_size=6, unique=True).map(sorted)


def frame(rows) -> pl.DataFrame:
    data = [(key, event, event + timedelta(hours=late), of) for key, event, late, of in rows]
    types = {"key": pl.String, "event": pl.Datetime("us"), "known": pl.Datetime("us"), "of": pl.Float64}
    return pl.DataFrame(data, schema=types, orient="row")


def found(rows, clocks, hours, kind) -> dict:
    told = values(frame(rows), ["key"], pl.Series(clocks, dtype=pl.Datetime("us")), hours, kind)
    return {(key, at): value for key, at, _, value in told.iter_rows()}


def plainly(rows, clocks, hours, kind) -> dict:
    """Row by row, as the docstring says it."""
    result = {}
    for clock in clocks:
        for key in "ab":
            inside = [
                (event, of)
                for k, event, late, of in rows
                if k == key and clock - timedelta(hours=hours) <= event < clock
                and event + timedelta(hours=late) <= clock and of == of
            ]  # fmt: skip
            if inside:
                total = sum(round(of * 2**20) for _, of in inside) / 2**20
                newest = max(inside)[1]
                result[key, clock] = {
                    "mean": total / len(inside),
                    "sum": total,
                    "count": len(inside),
                    "last": newest,
                }[kind]
    return result


@settings(max_examples=100, deadline=None)
@given(ROWS, CLOCKS, st.sampled_from([1, 6, 24, 48]), st.sampled_from(KINDS))
def test_every_value_is_that_of_a_plain_count(rows, clocks, hours, kind):
    assert found(rows, clocks, hours, kind) == plainly(rows, clocks, hours, kind)


@settings(max_examples=50, deadline=None)
@given(ROWS, CLOCKS, st.sampled_from([6, 48]), st.sampled_from(KINDS))
def test_one_pass_finds_to_the_last_digit_what_each_moment_finds_alone(rows, clocks, hours, kind):
    alone = {}
    for clock in clocks:
        alone |= found(rows, [clock], hours, kind)
    assert found(rows, clocks, hours, kind) == alone


@settings(max_examples=50, deadline=None)
@given(ROWS, CLOCKS, st.sampled_from([6, 48]), st.sampled_from(KINDS))
def test_no_value_changes_when_later_data_are_deleted(rows, clocks, hours, kind):
    clock = clocks[len(clocks) // 2]
    known = [row for row in rows if row[1] < clock and row[1] + timedelta(hours=row[2]) <= clock]
    whole, cut = (
        {at: value for at, value in found(some, clocks, hours, kind).items() if at[1] <= clock}
        for some in (rows, known)
    )
    assert whole == {at: value for at, value in cut.items() if at in whole}
    assert len(whole) == len(cut)


@pytest.mark.parametrize(("event", "counts"), [(0, True), (-1, False), (6 * 60 - 1, True), (6 * 60, False)])
def test_a_window_has_its_beginning_and_not_its_end(event, counts):
    at = START + timedelta(minutes=event)
    assert bool(found([("a", at, 0, 1.0)], [START + timedelta(hours=6)], 6, "count")) is counts
