from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from ml.rules.types import empty, misfit, readable, shown, typed


@pytest.mark.parametrize(
    ("values", "wanted", "result"),
    [
        ([1, None], "float", [1.0, None]),
        ([Decimal("1.5")], "float", [1.5]),
        ([float("nan"), 1.0], "float", [None, 1.0]),
        ([1.0, None, float("nan")], "int", [1, None, None]),
        ([None, None], "datetime", [None, None]),
        ([date(2013, 1, 1)], "datetime", [datetime(2013, 1, 1)]),
        (["a"], "string", ["a"]),
        ([True], "bool", [True]),
        ([], "bool", []),
    ],
)
def test_values_that_survive_are_cast(values, wanted, result):
    assert typed(pl.Series("x", values), wanted).to_list() == result


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["1"], "int"),
        ([1.5], "int"),
        ([float("inf")], "int"),
        ([1], "string"),
        ([1], "bool"),
        ([True], "int"),
        (["2013-01-01"], "datetime"),
        ([5], "datetime"),
    ],
)
def test_values_that_would_change_are_not_cast(values, wanted):
    assert typed(pl.Series("x", values), wanted) is None


@pytest.mark.parametrize(
    ("values", "wanted", "result"),
    [
        (["1,5", "2.5", None], "float", [None, 2.5, None]),
        (["1.5", "2", "x"], "int", [None, 2, None]),
        ([1.5, 2.0, float("inf")], "int", [None, 2, None]),
        ([1, 2], "string", ["1", "2"]),
        ([1, 2], "int", [1, 2]),
        (["2013-01-01T06:00:00", "x"], "datetime", [datetime(2013, 1, 1, 6), None]),
        (["true"], "bool", [None]),
        ([datetime(2013, 1, 1)], "float", [None]),
        ([[1]], "string", [None]),
    ],
)
def test_of_an_odd_column_what_reads_is_read_and_the_rest_is_null(values, wanted, result):
    read = readable(pl.Series("x", values), wanted)
    assert (read.name, read.to_list()) == ("x", result)
    assert read.dtype == empty(0, wanted).dtype


def test_a_time_with_a_zone_is_no_plain_datetime():
    zoned = pl.Series("x", [datetime(2013, 1, 1)]).dt.replace_time_zone("UTC")
    assert typed(zoned, "datetime") is None


def test_a_category_is_text():
    assert typed(pl.Series("x", ["a"], dtype=pl.Categorical), "string").dtype == pl.String


def test_an_all_null_column_of_text_becomes_a_number():
    column = typed(pl.Series("x", [None, None], dtype=pl.String), "float")
    assert (column.name, column.dtype, column.to_list()) == ("x", pl.Float64, [None, None])


def test_a_misfit_is_told_by_what_does_not_fit():
    assert (
        misfit(pl.Series([1.5, 2.0]), "int") == "is float, not int; 1 of 2 values do not read as int, for example 1.5"
    )
    assert misfit(pl.Series([date(2013, 1, 1)]), "bool") == "is date, not bool, for example 2013-01-01 00:00:00"


def test_at_most_three_values_are_shown():
    assert shown(pl.Series([1, 1, 2, 3, 4])) == "1, 2, 3"
    assert len(shown(pl.Series(["x" * 100]))) == 40


def test_an_empty_column_has_its_type():
    assert empty(2, "int").to_list() == [None, None]
    assert empty(0, "datetime").dtype == pl.Datetime("us")
