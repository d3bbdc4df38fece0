from datetime import date, datetime

import polars as pl
import pytest

from ml.rules import days
from ml.rules.columns import ColumnRule

DAY = date(2013, 1, 31)


def told(violations):
    return [violation.sentence for violation in violations]


def test_a_missing_column_is_named_once_with_the_nearest_that_is_there():
    frame = pl.DataFrame({"dep_delay_min": [1]})
    assert told(days.missing(frame, ["dep_delay", "dep_delay", "zzz"], DAY)) == [
        "dep_delay is missing on 2013-01-31; the nearest column that is there is dep_delay_min",
        "zzz is missing on 2013-01-31",
    ]


def test_enough_rows_are_no_violation():
    assert told(days.too_few(pl.DataFrame({"x": [1]}), 1, DAY)) == []


def test_a_share_of_nulls_up_to_its_limit_is_no_violation():
    frame = pl.DataFrame({"x": [1, None]})
    assert told(days.null_shares(frame, {"x": ColumnRule(type="int", nulls=0.5)}, DAY)) == []
    assert told(days.null_shares(frame, {"x": ColumnRule(type="int", nulls=0)}, DAY)) == [
        "x: 1 of 2 values on 2013-01-31 are null, 50.00%, more than nulls 0.00%"
    ]


def test_freshness_needs_times():
    frame = pl.DataFrame({"t": ["2013-01-31"]})
    assert told(days.stale(frame, "t", 6, DAY)) == ["t on 2013-01-31 is text, not datetime, for example '2013-01-31'"]


def test_no_events_are_not_stale():
    assert told(days.stale(pl.DataFrame({"t": []}, schema={"t": pl.Datetime}), "t", 6, DAY)) == []


def test_events_up_to_the_limit_are_fresh():
    assert told(days.stale(pl.DataFrame({"t": [datetime(2013, 1, 31, 18)]}), "t", 6, DAY)) == []


def test_no_rows_are_not_too_many_refused():
    assert told(days.too_many_refused(0, 0, 0.0, DAY)) == []
    assert told(days.too_many_refused(1, 20, 0.05, DAY)) == []


@pytest.mark.parametrize(
    ("join", "said"),
    [
        (
            {"column": "seats", "missing": 0.5},
            "2 of 3 look-ups on 2013-01-31 found nothing in planes, 66.67%",
        ),
        ({"column": "seats", "key": "tail", "missing": 0.4}, "1 of 2 look-ups on 2013-01-31 found nothing in planes"),
        ({"column": "seats", "key": "tail", "missing": 0.5}, None),
        ({"column": "wings"}, None),
    ],
)
def test_look_ups_that_found_nothing_name_their_table(join, said):
    frame = pl.DataFrame({"tail": ["N1", "N2", None], "seats": [100, None, None]})
    found = list(days.failed_joins(frame, {"planes": days.Join.model_validate(join)}, DAY))
    assert [(v.key, v.sentence.startswith(said or "?")) for v in found] == ([("planes//joins", True)] if said else [])
