"""Rows of any time get what was served then, and nothing of what came later."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features import Aggregate, FeaturePlan, table

START = datetime(2013, 1, 1)
TYPES = {"town": "string", "floor": "int", "at": "datetime", "landed": "datetime", "late": "bool"}
CLOCKS = [START + timedelta(days=day, hours=2) for day in range(8)]
PAST = {
    "rate": Aggregate(by=("town",), of="late", over=48, kind="mean", known_after="landed"),
    "seen": Aggregate(by=("town", "floor"), of="late", over=24, kind="count", known_after=6),
    "newest": Aggregate(by=("town",), of="floor", over=72, kind="last", known_after=1),
}
PLAN = FeaturePlan(past=PAST)

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.integers(0, 2) | st.none(),
        st.integers(0, 7 * 24 * 4).map(lambda quarter: START + timedelta(minutes=15 * quarter)),
        st.integers(0, 30) | st.none(),
        st.booleans() | st.none(),
    ),
    min_size=1,
    max_size=40,
)


def frame(rows) -> pl.DataFrame:
    data = [(t, f, at, None if h is None else at + timedelta(hours=h), late) for t, f, at, h, late in rows]
    kinds = {"town": pl.String, "floor": pl.Int64, "at": pl.Datetime("us"), "landed": pl.Datetime("us")}
    return pl.DataFrame(data, schema=kinds | {"late": pl.Boolean}, orient="row")


def served(rows: pl.DataFrame, history: pl.DataFrame, clocks=CLOCKS, plan=PLAN) -> pl.DataFrame:
    made = table.make(plan.past, history, "at", TYPES, clocks, START)
    return table.joined(rows.lazy(), plan, made, "at", TYPES).collect()


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(0, 7 * 24 * 4))
def test_no_feature_of_a_row_changes_when_later_data_are_deleted(rows, quarter):
    now = START + timedelta(minutes=15 * quarter)
    everything = frame(rows)
    past = everything.filter(pl.col("at") < now).with_columns(
        pl.when(pl.col("landed") <= now).then("landed"), pl.when(pl.col("landed") <= now).then("late")
    )
    # what is known an hour, or six, after the event is still unknown of what happened just now
    asked = everything.filter(pl.col("at") <= now)
    fixed = PLAN.model_copy(update={"past": {name: PAST[name] for name in ("rate", "newest")}})
    assert served(asked, everything, plan=fixed).equals(served(asked, past, plan=fixed))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_tables_of_single_nights_serve_what_one_pass_over_the_history_serves(rows):
    known = frame(rows)
    nights = [table.make(PAST, known, "at", TYPES, [clock], START) for clock in CLOCKS]
    alone = table.joined(known.lazy(), PLAN, table.newest(nights), "at", TYPES).collect()
    assert alone.equals(served(known, known))


def test_rows_keep_their_order_and_their_columns():
    known = frame([("b", 1, START + timedelta(days=3), 2, True), ("a", 1, START + timedelta(days=1), 2, False)] * 50)
    found = served(known, known)
    assert found.drop(*PAST).equals(known)
    assert found.columns == [*known.columns, *PAST]


@pytest.mark.parametrize(
    ("hours", "seen"), [(2.9, None), (3, 1.0), (24, 1.0), (26.9, 1.0), (27, 0.0), (28, 0.0), (52, 0.0), (52.1, None)]
)
def test_a_row_gets_the_table_of_the_newest_night_that_is_ready_and_not_too_old(hours, seen):
    history = frame([("a", 1, START + timedelta(hours=20), 0, True)])
    asked = history.with_columns(at=pl.lit(START + timedelta(days=1, hours=hours)).cast(pl.Datetime("us")))
    assert served(asked, history, CLOCKS[1:3])["seen"].to_list() == [seen]


def test_a_key_that_nobody_saw_has_no_mean_and_a_count_of_zero():
    history = frame([("a", 1, START + timedelta(days=2), 0, True)])
    asked = frame([("z", 1, START + timedelta(days=3), 0, None), (None, 1, START + timedelta(days=3), 0, None)])
    found = served(asked, history)
    assert (found["rate"].to_list(), found["seen"].to_list()) == ([None, None], [0.0, None])


def test_before_a_window_is_full_nobody_has_a_value():
    history = frame([("a", 1, START + timedelta(hours=1), 0, True)])
    made = table.make(PAST, history, "at", TYPES, CLOCKS, START)
    first = made.group_by("name").agg(pl.col("at").min()).sort("name")
    assert first.rows() == [("newest", CLOCKS[3]), ("rate", CLOCKS[2]), ("seen", CLOCKS[1])]


def test_what_a_later_table_says_of_a_night_takes_the_place_of_all_that_was_said():
    old = table.make(
        PAST, frame([("a", 1, START + timedelta(days=2, hours=12), 0, True)]), "at", TYPES, CLOCKS[3:5], START
    )
    new = table.make(PAST, frame([("b", 1, START + timedelta(days=2), 0, True)]), "at", TYPES, CLOCKS[3:4], START)
    found = table.newest([old, new])
    assert table.at(found, CLOCKS[3])["rate"] == {"b": 1.0, "\\": None}
    assert table.at(found, CLOCKS[4])["rate"] == {"a": 1.0, "\\": None}
    assert table.newest([]).is_empty()


def test_the_columns_that_aggregates_are_made_from_are_named():
    assert table.columns(PAST, "at") == ["at", "town", "late", "landed", "floor"]
