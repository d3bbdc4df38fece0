from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from ml.profiles import Unjudged, profile
from ml.rules.history import History
from ml.rules.past import Past

TODAY = date(2013, 3, 1)


def day(n, rows=200, **columns):
    """The n-th day before today: Fahrenheit in steps of Celsius around a slow season, and a town."""
    rng = np.random.default_rng(n)
    celsius = np.round(rng.normal(10 - n / 10, 3, rows))
    town = rng.choice(["Aachen", "Bonn", "Celle"], rows, p=[0.5, 0.3, 0.2])
    return pl.DataFrame({"temp": celsius * 1.8 + 32, "town": town, "size": rng.gamma(4, 5, rows)} | columns)


def past(days=40, **columns):
    found = Past(56)
    for n in range(days, 0, -1):
        found.add(TODAY - timedelta(days=n), profile(day(n, **columns)))
    return found


def findings(today, before=None, **fields):
    told = History.model_validate(fields).findings(profile(today), before or past(), TODAY, today.columns)
    return list(told)


def rules(today, before=None, **fields):
    return [(found.rule, found.column) for found in findings(today, before, **fields)]


def test_a_day_like_those_before_it_is_no_violation():
    assert rules(day(0)) == []


def test_too_little_history_is_said_and_judges_nothing():
    (found,) = findings(day(0, rows=2), past(13))
    assert found == Unjudged(rule="history", why="13 accepted days before 2013-03-01, fewer than 14")


def test_a_column_with_too_little_history_is_said_by_name():
    before = past(30)
    for n, (_, table) in enumerate(before.tables):
        if n > 3:
            table.columns.pop("size")
    few = Past(56)
    for other, table in before.tables:
        few.add(other, table)
    (found,) = findings(day(0), few)
    assert (found.column, found.why) == (
        "size",
        "size had values on 4 of the accepted days before 2013-03-01, fewer than 14",
    )


def test_rows_are_held_against_those_of_the_same_weekday():
    (found,) = findings(day(0, rows=90))
    assert found.key == "//history.rows"
    assert found.sentence == "90 rows on 2013-03-01, where 5 Fridays had 200; outside 100 to 400"
    assert rules(day(0, rows=410))[0] == ("history.rows", None)


def test_two_such_weekdays_are_too_few():
    (found,) = findings(day(0, rows=90), past(20))
    assert found == Unjudged(rule="history.rows", why="2 accepted Fridays before 2013-03-01, fewer than 3")


def test_more_nulls_than_ever_are_a_violation():
    holes = day(0).with_columns(pl.when(pl.int_range(pl.len()) > 150).then("temp").alias("temp"))
    (found,) = findings(holes)
    assert found.sentence == (
        "temp: 151 values on 2013-03-01 are null, 75.50%; on no day of 40 before it were more than 0.00%"
    )


def test_a_column_that_is_all_null_breaks_that_rule_alone():
    assert rules(day(0).with_columns(temp=pl.lit(None, dtype=pl.Float64))) == [("history.nulls", "temp")]


def test_a_column_that_lost_its_variety_is_a_violation():
    assert rules(day(0).with_columns(town=pl.lit("Bonn"))) == [("history.values", "town")]
    assert rules(day(0).with_columns(temp=pl.lit(50.0))) == [("history.distinct", "temp")]


def test_a_category_under_another_name_is_a_violation_both_ways():
    first, second = findings(day(0).with_columns(town=pl.col("town").replace("Bonn", "Koeln")))
    assert "are new to the 40 days before, such as 'Koeln'" in first.sentence
    assert second.sentence.startswith("town: 'Bonn', usually ")


def test_a_column_that_always_has_new_texts_is_not_asked_for_them():
    names = {n: [f"parcel {n} {row % 50}" for row in range(200)] for n in range(41)}
    before = Past(56)
    for n in range(40, 0, -1):
        before.add(TODAY - timedelta(days=n), profile(day(n, town=names[n])))
    assert rules(day(0, town=names[0]), before) == []


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("temp", lambda c: (c - 32) / 1.8 + 0.05),
        ("temp", lambda c: c * 2.54),
        ("size", lambda c: c * 25.4),
        ("size", lambda c: c / 33.86),
    ],
)
def test_another_unit_is_a_violation(column, change):
    (found,) = findings(day(0).with_columns(change(pl.col(column)).alias(column)))
    assert (found.rule, found.column) == ("history.scale", column)
    assert found.sentence.endswith("is it in another unit?")


def test_a_level_that_moves_with_values_that_are_known_is_weather():
    cold = day(0).with_columns(temp=pl.lit(32.0) + pl.int_range(pl.len()) % 6 * 1.8)
    assert rules(cold) == []


def test_a_season_is_no_violation():
    quick = Past(56)
    for n in range(56, 0, -1):
        quick.add(TODAY - timedelta(days=n), profile(day(n).with_columns(pl.col("size") * 1.02 ** (56 - n))))
    assert rules(day(0).with_columns(pl.col("size") * 1.02**56), quick) == []


def test_a_column_that_never_varied_cannot_be_judged_by_its_scale():
    before = past(size=[0.0] * 200)
    (found,) = findings(day(0, size=np.arange(200) / 7.0), before)
    assert found == Unjudged(rule="history.scale", column="size", why="size has never varied in the 40 days")


def test_a_day_that_is_a_copy_of_an_earlier_one_is_a_violation():
    before = past()
    (found,) = findings(day(3), before)
    assert found.sentence == "the 200 rows of 2013-03-01 hold exactly what those of 2013-02-26 held"
    assert rules(day(3), before, copy=False) == []


def test_a_rule_that_is_null_is_not_asked():
    off = dict.fromkeys(["rows", "nulls", "distinct", "values", "scale"])
    strange = day(0, rows=20, temp=[None] * 20, town=["?"] * 20).with_columns(pl.col("size") * 99)
    assert rules(strange) != []
    assert rules(strange, **off) == []


def test_numbers_that_make_no_sense_are_refused():
    with pytest.raises(ValidationError):
        History(rows=2)
    with pytest.raises(ValidationError):
        History(minimum=3)


def test_no_rows_are_judged_as_that():
    assert ("history.rows", None) in rules(day(0)[:0])


def test_half_of_a_sender_that_is_missing_is_seen():
    many = {n: day(n, rows=2000) for n in range(40, -1, -1)}
    before = Past(56)
    for n in range(40, 0, -1):
        before.add(TODAY - timedelta(days=n), profile(many[n]))
    half = many[0].filter((pl.col("town") != "Bonn") | (pl.int_range(pl.len()) % 2 > 0))
    assert rules(many[0], before) == []
    assert rules(half, before) == [("history.shares", "town")]
    assert rules(half, before, shares=None) == []
