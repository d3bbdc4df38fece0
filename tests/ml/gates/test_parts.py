import numpy
import pandas

from ml.gates.parts import parts


def names(values, older=None, min_rows=1):
    column = pandas.Series(values, name="c")
    return [part.name for part in parts(column, column if older is None else pandas.Series(older), min_rows)]


def test_a_text_is_cut_by_value_and_missing_is_one():
    assert names(["a", "a", "b", None]) == ["c a", "c b", "no c"]


def test_small_parts_are_left_out():
    assert names(["a", "a", "b"], min_rows=2) == ["c a"]


def test_numbers_are_cut_into_fifths_of_the_older_rows():
    assert names(numpy.arange(100.0), numpy.arange(100.0) * 10) == ["c up to 198"]
    assert len(names(numpy.arange(100.0))) == 5


def test_few_numbers_are_values():
    assert names([1, 1, 2]) == ["c 1", "c 2"]


def test_moments_are_cut_into_parts_of_the_day():
    assert names(pandas.to_datetime(["2013-01-01 05:00", "2013-01-02 23:10"])) == [
        "c from 4 to 8 o'clock",
        "c from 20 to 24 o'clock",
    ]


def test_a_part_is_a_mask_of_its_rows():
    column = pandas.Series(["a", None, "b"], name="c")
    assert [part.inside.tolist() for part in parts(column, column, 1)] == [
        [True, False, False],
        [False, False, True],
        [False, True, False],
    ]


def test_a_column_without_a_number_has_only_the_missing_ones():
    assert names([float("nan")] * 3) == ["no c"]
