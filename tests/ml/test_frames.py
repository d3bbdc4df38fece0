from datetime import date, datetime

import polars as pl
import pytest

from ml.errors import DataError
from ml.frames import common_schema, together


def column(values, dtype=None):
    return pl.DataFrame({"x": pl.Series(values, dtype=dtype)})


@pytest.mark.parametrize(
    ("one", "other", "dtype"),
    [
        (column([1]), column([1.5]), pl.Float64),
        (column([None]), column(["a"]), pl.String),
        (column(["a"]), column([None]), pl.String),
        (column([date(2013, 1, 1)]), column([datetime(2013, 1, 1, 2)]), pl.Datetime),
        (column([1], pl.Int16), column([1], pl.Int64), pl.Int64),
    ],
)
def test_types_that_go_together_become_the_wider_one(one, other, dtype):
    assert together([one, other]).schema["x"] == dtype
    assert common_schema([one.schema, other.schema])["x"] == dtype


@pytest.mark.parametrize("other", [["a"], [date(2013, 1, 1)], [True]])
def test_types_that_do_not_go_together_are_named(other):
    with pytest.raises(DataError, match="column x is Int64 in one part of the rows and"):
        together([column([1]), column(other)])


def test_a_column_that_is_missing_is_null():
    assert together([column([1]), pl.DataFrame({"y": [2]})]).rows() == [(1, None), (None, 2)]


def test_no_frames_are_an_empty_frame():
    assert together([]).is_empty()
