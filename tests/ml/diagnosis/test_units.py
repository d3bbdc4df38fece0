"""Numbers in another unit."""

import pytest

from ml.diagnosis import units


def test_a_quiet_day_shows_no_sign(quiet):
    assert [e for sign in (units.converted, units.swapped, units.outside) for e in sign(quiet)] == []


@pytest.mark.parametrize(
    ("column", "change", "what"),
    [
        ("temp", lambda t: (t - 32) / 1.8, "Fahrenheit became Celsius"),
        ("miles", lambda m: m * 1.609344, "miles became kilometres"),
        ("miles", lambda m: -m, "the sign was turned"),
        ("miles", lambda m: m * 10, "a decimal point was lost"),
    ],
)
def test_a_known_conversion_is_named(happened, column, change, what):
    found = list(units.converted(happened(**{column: lambda rows: change(rows[column])})))
    assert [(e.kind, e.column) for e in found] == [("data fault", column)]
    assert what in found[0].sentence


def test_warmer_days_are_not_another_unit(happened):
    assert list(units.converted(happened(temp=lambda r: r["temp"] + 25, dewp=lambda r: r["dewp"] + 25))) == []


def test_exchanged_columns_are_both_named(happened):
    case = happened(temp=lambda r: r["miles"], miles=lambda r: r["temp"])
    (found,) = units.swapped(case)
    assert "temp and miles" in found.sentence


def test_where_others_moved_as_far_an_exchange_explains_nothing(happened):
    case = happened(temp=lambda r: r["miles"], miles=lambda r: r["temp"], dewp=lambda r: r["dewp"] + 900)
    assert list(units.swapped(case)) == []


def test_a_code_for_unknown_is_found_in_few_rows(happened):
    (found,) = units.outside(happened(temp=lambda r: r["temp"].where(r.index % 50 != 0, -999.0)))
    assert "-999" in found.sentence
    assert found.sign == "sentinel"


def test_a_number_that_was_never_negative_and_now_is(happened):
    (found,) = units.outside(happened(miles=lambda r: r["miles"].where(r.index % 5 != 0, -200.0)))
    assert found.sign == "negative"
