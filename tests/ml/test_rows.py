"""Rows with their columns."""

from datetime import datetime

import numpy as np
import pytest

from ml.rows import Rows, array, column

PLAIN = [{"a": 1.5, "t": datetime(2013, 6, 1, 6, 10, 0, 7), "s": "x"}, {"a": None, "t": None}]
ROWS = Rows(PLAIN)


def test_rows_are_a_list_of_rows():
    assert ROWS == PLAIN
    assert (len(ROWS), ROWS[0], [*ROWS]) == (2, PLAIN[0], PLAIN)


@pytest.mark.parametrize("rows", [PLAIN, ROWS])
def test_what_a_row_lacks_is_none_in_its_column(rows):
    assert column(rows, "a") == [1.5, None]
    assert column(rows, "s") == ["x", None]
    assert column(rows, "nothing") == [None, None]


@pytest.mark.parametrize("rows", [PLAIN, ROWS])
def test_an_array_is_what_numpy_makes_of_the_column(rows):
    assert np.array_equal(array(rows, "a", "float64"), [1.5, np.nan], equal_nan=True)
    moments = array(rows, "t", "datetime64[us]")
    assert moments.dtype == "datetime64[us]"
    assert moments[0] == np.datetime64("2013-06-01T06:10:00.000007")
    assert np.isnat(moments[1])
    assert array(rows, "s", "object").tolist() == ["x", None]


def test_a_column_is_made_once():
    rows = Rows(PLAIN)
    assert rows.column("a") is rows.column("a")
    assert rows.array("a", "float64") is rows.array("a", "float64")


def test_columns_become_rows_and_stay_at_hand():
    columns = {"a": [1, None], "b": ["x", "y"]}
    rows = Rows.of(columns)
    assert rows == [{"a": 1, "b": "x"}, {"a": None, "b": "y"}]
    assert rows.column("a") is columns["a"]
    assert Rows.of({}) == []


def test_a_column_that_is_put_is_in_the_rows_and_in_what_is_asked_for_later():
    rows = Rows([{"a": 1.0}, {"a": 2.0}])
    assert (rows.column("b"), rows.array("b", "object").tolist()) == ([None, None], [None, None])
    rows.put("b", [0.5, None])
    assert rows == [{"a": 1.0, "b": 0.5}, {"a": 2.0, "b": None}]
    assert rows.column("b") == [0.5, None]
    assert np.array_equal(rows.array("b", "float64"), [0.5, np.nan], equal_nan=True)
