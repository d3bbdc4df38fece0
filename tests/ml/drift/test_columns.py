from datetime import datetime
from decimal import Decimal

import numpy
import pandas
import pytest

from ml.drift.columns import Pair, Unfit, pair


def both(reference, current, kind, min_rows=2, null_jump=0.1) -> Pair:
    frames = (pandas.DataFrame({"x": reference}), pandas.DataFrame({"x": current}))
    return pair(*frames, "x", kind, min_rows, null_jump)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3],
        [True, False, True],
        ["1", "2.5", "-3e2"],
        [Decimal("1.5"), Decimal(2), 3],
        [10**30, 1, 2],
        [numpy.int64(1), 2.5, "3"],
        pandas.array([1, 2, 3], dtype="Int64"),
        pandas.Categorical([1, 2, 3]),
    ],
)
def test_whatever_stands_for_a_number_becomes_one(values) -> None:
    found = both(values, values, "numerical")
    assert found.reference.dtype == "float64"
    assert found.reference.notna().all()
    assert found.comparable
    assert found.problem is None


@pytest.mark.parametrize("endless", [numpy.inf, -numpy.inf, 1e200, 10**400])
def test_infinities_count_as_nulls(endless) -> None:
    found = both([1.0, 2.0, 3.0, 4.0], pandas.Series([1.0, endless, 3.0, endless], dtype=object), "numerical")
    assert found.problem == "nulls or infinities: 0% of the reference, 50% of the current rows (> 10% apart)"
    assert found.drifted


@pytest.mark.parametrize("values", [pandas.array([1, None] * 2, dtype="Int64"), [1, None, 2, None]])
def test_nulls_that_were_there_before_are_no_problem(values) -> None:
    assert both(values, values, "numerical").problem is None


@pytest.mark.parametrize("kind", ["numerical", "categorical"])
def test_a_column_of_nulls_alone_is_a_jump_when_it_had_values(kind) -> None:
    found = both(["1", "2"], [None, None], kind)
    assert (found.comparable, found.drifted) == (False, True)
    assert "100% of the current rows" in (found.problem or "")


def test_a_column_without_values_on_either_side_says_nothing() -> None:
    found = both([None, None], [None, None], "numerical")
    assert (found.comparable, found.drifted) == (False, False)
    assert found.problem == "not enough values: 0 in the reference rows < 2"


def test_few_values_say_nothing_either_way() -> None:
    found = both([1.0] * 10, [1.0], "numerical", min_rows=5)
    assert (found.comparable, found.drifted) == (False, False)
    assert found.problem == "not enough values: 1 in the current rows < 5"


def test_an_integer_stays_its_category_when_a_null_makes_it_a_float() -> None:
    found = both([1, 2, 3], [1.0, None, 3.0], "categorical", null_jump=0.5)
    assert list(found.reference) == ["1", "2", "3"]
    assert list(found.current) == ["1", None, "3"]


@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_text_is_text_in_every_dtype(dtype) -> None:
    values = pandas.Series(["a", "b", None], dtype=dtype)
    assert list(both(values, ["a", "b", None], "categorical").reference) == ["a", "b", None]


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("numerical", ["1", "abc", "3"], "1 of 3 current values are not numbers, for example 'abc'"),
        ("numerical", [datetime(2013, 1, 31)] * 2, "not numbers, for example Timestamp('2013-01-31 00:00:00')"),
        ("numerical", [[1], [2]], "2 of 2 current values are not numbers, for example [1]"),
        ("categorical", [[1], [2]], "the current rows hold values of type list, which are no categories"),
        ("categorical", [datetime(2013, 1, 31)] * 2, "values of type datetime64, which are no categories"),
        ("categorical", ["x" * 90, 1], "numbers mixed with text in the current rows"),
        ("categorical", ["0", "1"], "the type changed: numbers in the reference rows, text in the current rows"),
    ],
)
def test_values_of_another_kind_are_refused_with_a_sentence(kind, values, sentence) -> None:
    with pytest.raises(Unfit) as refused:
        both([0, 1], values, kind)
    assert sentence in str(refused.value)


def test_a_missing_column_is_refused_on_the_side_where_it_is_missing() -> None:
    with pytest.raises(Unfit, match="no such column in the current rows"):
        pair(pandas.DataFrame({"x": [1]}), pandas.DataFrame({"y": [1]}), "x", "numerical", 1, 0.1)


def test_a_name_that_is_there_twice_is_refused() -> None:
    twice = pandas.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(Unfit, match="2 columns of the reference rows have this name"):
        pair(twice, twice, "x", "numerical", 1, 0.1)


def test_a_column_named_by_a_number_is_found_by_its_text() -> None:
    frame = pandas.DataFrame({0: [1.0, 2.0]})
    assert pair(frame, frame, "0", "numerical", 1, 0.1).comparable


def test_the_frames_are_left_as_they_are() -> None:
    frame = pandas.DataFrame({"x": [1.0, numpy.inf, 3.0]}, index=[7, 7, 7])
    before = frame.copy()
    pair(frame, frame, "x", "numerical", 1, 0.1)
    pandas.testing.assert_frame_equal(frame, before)


def test_of_very_many_categories_the_rare_ones_are_compared_as_one() -> None:
    ids = [f"id{n}" for n in range(600)]
    found = both(["a"] * 9 + ids, ["a"] * 9 + ids[::-1] + [None], "categorical")
    assert found.note == "the 500 most frequent of 601 categories are compared, all others as one"
    assert found.reference.nunique() == 501
    assert (found.reference == "a").sum() == 9
    assert found.current.isna().sum() == 1
