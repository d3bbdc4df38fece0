import numpy
import polars as pl

from ml.detectors.counts import Merged, numbers, words


def test_numbers_are_counted_and_what_cannot_be_used_is_left_out() -> None:
    found = numbers(pl.Series([2.0, 1.0, 2.0, None, float("inf"), float("nan"), 1e200]))
    assert (found.values.tolist(), found.counts.tolist(), found.rows, found.there) == ([1.0, 2.0], [1, 2], 7, 3)


def test_a_whole_number_is_its_category_whether_a_null_made_it_a_float_or_not() -> None:
    assert (
        words(pl.Series([1, 2, 1])).values.tolist() == words(pl.Series([1.0, 2.0, None])).values.tolist() == ["1", "2"]
    )
    assert words(pl.Series([True, False])).values.tolist() == ["False", "True"]
    assert words(pl.Series([1.5])).values.tolist() == ["1.5"]


def test_merged_days_stand_for_all_their_rows() -> None:
    rng = numpy.random.default_rng(0)
    days = [rng.integers(0, 9, 50) for _ in range(10)]
    merged = Merged.of([numbers(pl.Series(day)) for day in days])
    windows = [(0, 1, 2), (1, 2, 3), (7, 8), ()]
    for window, rolled in zip(windows, merged.rolling(windows), strict=True):
        rows = numpy.concatenate([days[n] for n in window]) if window else numpy.array([])
        assert rolled.tolist() == [(rows == value).sum() for value in merged.values]
        assert rolled.tolist() == merged.together(window).tolist()


def test_days_without_any_value_merge() -> None:
    assert Merged.of([numbers(pl.Series([None], dtype=pl.Float64))]).values.size == 0
