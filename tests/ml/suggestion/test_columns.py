import polars as pl
import pytest

from ml.rules.series import Series
from ml.suggestion.columns import column

ORDER = Series(by=("town",), time="hour")


def learned(evidence, name, series=None):
    return {rule.key: rule.value for rule in column(evidence, name, series)}


def told(evidence, name, series=None):
    return {rule.key: rule.evidence for rule in column(evidence, name, series)}


def test_a_number_has_a_type_and_round_bounds_with_what_was_seen_beside_them(evidence):
    assert learned(evidence(), "temp") == {"type": "float", "nullable": False, "min": 38, "max": 48}
    assert told(evidence(), "temp")["max"] == "largest 46"


def test_nulls_are_limited_by_the_worst_day(evidence):
    holes = evidence(temp=pl.when(pl.int_range(pl.len()) != 30).then("temp"))
    assert learned(holes, "temp")["nulls"] == 0.1
    assert told(holes, "temp")["nulls"] == "at most 2.1% of a day, on 2013-01-02"
    empty = evidence(temp=pl.lit(None, dtype=pl.Float64))
    assert learned(empty, "temp") == {"type": "float", "temp.nulls": None, "temp": None}


def test_few_texts_are_allowed_and_no_others(evidence):
    assert learned(evidence(), "town")["allowed"] == ["Aachen", "Bonn"]


def test_a_text_that_came_late_is_not_taken_for_settled(evidence):
    late = pl.when(pl.col("hour").dt.ordinal_day() > 30).then(pl.lit("Celle")).otherwise("town")
    assert learned(evidence(town=late), "town")["pattern"] == "^[A-Za-z]{4,6}$"


@pytest.mark.parametrize(
    ("prefix", "pattern"),
    [("N", "^N[0-9]{1,4}$"), ("x_", "^x[0-9A-Za-z_.-]{2,5}$"), ("a ", None)],
)
def test_many_texts_have_a_pattern_or_none(evidence, prefix, pattern):
    names = evidence(town=pl.concat_str(pl.lit(prefix), pl.int_range(pl.len())))
    rules = learned(names, "town")
    assert rules.get("pattern") == pattern
    assert ("town.pattern" in rules) == (pattern is None)


def test_what_grows_from_day_to_day_has_no_bounds(evidence):
    rules = told(evidence(temp=pl.col("hour").dt.epoch("s")), "temp")
    assert rules["temp.min"] == "it grows from day to day, so it has no bounds"
    assert "max" not in rules


def test_an_end_that_is_reached_often_is_a_bound_of_its_own(evidence):
    ends = evidence(
        visib=pl.when(pl.int_range(pl.len()) % 3 > 0).then(10.0).otherwise(pl.int_range(pl.len()) % 97 / 10)
    )
    assert learned(ends, "visib")["max"] == 10


def test_over_time_a_column_has_spikes_and_rests(evidence):
    rules = learned(evidence(temp=pl.int_range(pl.len()) % 24 * 1.0), "temp", ORDER)
    assert rules["frozen"] == 6
    assert (rules["spike"], "rests" in rules) == (3, False)
    calm = evidence(
        temp=pl.when(pl.int_range(pl.len()) % 48 < 30).then(0.0).otherwise(pl.int_range(pl.len()) % 7 + 1.0)
    )
    assert learned(calm, "temp", ORDER)["rests"] == [0.0]


def test_a_spike_is_given_room(evidence):
    bump = evidence(
        temp=pl.int_range(pl.len()) % 24 * 4.0 + pl.when(pl.int_range(pl.len()) % 24 == 5).then(-6.0).otherwise(0.0)
    )
    assert learned(bump, "temp", ORDER)["spike"] > 2


def test_a_type_that_no_contract_knows_is_said(evidence):
    odd = evidence(temp=pl.col("hour").dt.time())
    assert learned(odd, "temp") == {"temp": None}
    assert "none that a contract knows" in told(odd, "temp")["temp"]


def test_dates_and_flags_have_a_type_alone(evidence):
    flags = evidence(day=pl.col("hour").dt.date(), warm=pl.col("temp") > 40)
    assert learned(flags, "day") == {"type": "datetime", "nullable": False}
    assert learned(flags, "warm") == {"type": "bool", "nullable": False}
