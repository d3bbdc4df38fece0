from datetime import date, datetime

import polars as pl
import pytest

from ml.profiles import MOST_VALUES, ColumnProfile, Profile, TableProfile, Unjudged, merged, profile


def of(*values, **changes):
    return profile(pl.DataFrame({"x": list(values)}, **changes)).columns["x"]


def test_a_number_is_told_by_its_level_its_spread_and_its_values():
    column = of(1.0, 2.0, 2.0, 5.0, None)
    assert (column.rows, column.nulls, column.null_share) == (4, 1, 0.2)
    assert (column.min, column.max, column.mean) == (1.0, 5.0, 2.5)
    assert column.std == pytest.approx(1.7320508)
    assert column.quartiles == (1.0, 2.0, 2.0)
    assert (column.values, column.counts, column.distinct) == ((2.0, 1.0, 5.0), (2, 1, 1), 3)


def test_a_text_and_a_flag_are_told_by_their_values():
    assert of("b", "a", "b").values == ("b", "a")
    assert of(True, False, True).values == ("true", "false")
    assert of("b").mean is None


def test_a_time_is_told_by_its_hour():
    column = of(datetime(2013, 1, 31, 6), datetime(2013, 1, 31, 12, 30))
    assert (column.kind, column.min, column.max) == ("time", 6.0, 12.5)


def test_numbers_that_are_not_finite_are_counted_apart():
    column = of(1.0, float("inf"), float("nan"), None)
    assert (column.rows, column.odd, column.nulls, column.mean) == (1, 2, 1, 1.0)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_column_without_values_has_no_level(values):
    column = of(*values, schema={"x": pl.Float64})
    assert (column.rows, column.mean, column.quartiles, column.values, column.distinct) == (0, None, None, (), 0)


def test_values_that_hardly_repeat_are_not_listed():
    column = of(*range(MOST_VALUES + 1))
    assert (column.values, column.complete) == ((), False)
    assert column.distinct == pytest.approx(MOST_VALUES + 1, rel=0.05)
    assert of(*range(MOST_VALUES)).complete


def test_a_million_rows_are_told_from_a_few_where_that_is_enough():
    rows = pl.DataFrame({"x": pl.int_range(1_000_000, eager=True), "y": pl.repeat(1, 1_000_000, eager=True)})
    told = profile(rows).columns
    assert told["x"].quartiles == pytest.approx((250_000, 500_000, 750_000), rel=0.001)
    assert (told["y"].values, told["y"].counts) == ((1.0,), (1_000_000,))


def test_profiles_merge_as_if_all_rows_had_been_seen_at_once():
    one, other = (
        pl.DataFrame({"x": x, "t": t}) for x, t in [([1.0, None, 4.0], list("aab")), ([7.0, 1.0], list("bb"))]
    )
    both, whole = merged([profile(one), profile(other)]), profile(pl.concat([one, other]))
    assert both.columns["t"] == whole.columns["t"]
    assert both.columns["x"].std == pytest.approx(whole.columns["x"].std)
    same = {"std": None, "quartiles": None, "mean": None}
    assert both.columns["x"].model_copy(update=same) == whole.columns["x"].model_copy(update=same)
    assert both.columns["x"].mean == pytest.approx(whole.columns["x"].mean)


def test_a_column_that_one_profile_lacks_was_null_there():
    one, other = profile(pl.DataFrame({"x": [1.0]})), profile(pl.DataFrame({"y": [1.0, 2.0]}))
    assert merged([one, other]).columns["x"].nulls == 2
    assert merged([other, one]).columns["y"].nulls == 1


def test_long_lists_of_values_are_not_merged():
    one, other = (profile(pl.DataFrame({"x": range(first, first + 200)})) for first in (0, 200))
    assert merged([one, other]).columns["x"].values == ()
    assert not merged([merged([one, other]), one]).columns["x"].complete


def test_two_kinds_of_column_are_not_merged():
    with pytest.raises(ValueError, match="of number and one of text"):
        merged([profile(pl.DataFrame({"x": [1]})), profile(pl.DataFrame({"x": ["a"]}))])


def test_a_profile_survives_its_json():
    rows = pl.DataFrame({"x": [1.5, None], "t": ["a", "b"], "l": [[1], [2]]})
    table = profile(rows, refused=3)
    day = Profile(day=date(2013, 1, 31), own=table, unjudged=(Unjudged(rule="history", why="3 days"),))
    assert Profile.model_validate_json(day.model_dump_json(exclude_defaults=True)) == day
    assert (table.came, set(table.columns)) == (5, {"x", "t"})
    assert isinstance(table, TableProfile)
    assert isinstance(table.columns["x"], ColumnProfile)
