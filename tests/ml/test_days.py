"""Data days and spans."""

from datetime import UTC, date, datetime, time

import pytest
from pydantic import TypeAdapter, ValidationError

from ml.days import Days, Span, newest_day, night_of, parse_day
from ml.errors import ConfigError


@pytest.mark.parametrize(("text", "days"), [("7d", 7), ("8w", 56), ("0d", 0)])
def test_a_span_is_written_in_days_or_weeks(text, days):
    assert TypeAdapter(Days).validate_python(text) == days


@pytest.mark.parametrize("wrong", ["7", "7h", "-1d", "", True, -1])
def test_anything_else_is_no_span(wrong):
    with pytest.raises(ValidationError):
        TypeAdapter(Days).validate_python(wrong)


def test_a_span_holds_both_its_ends():
    span = Span.ending(date(2013, 1, 3), 3)
    assert list(span) == [date(2013, 1, 1), date(2013, 1, 2), date(2013, 1, 3)]
    assert str(span) == "2013-01-01 to 2013-01-03"


def test_a_day_is_written_the_iso_way():
    assert parse_day("2013-01-31") == date(2013, 1, 31)
    with pytest.raises(ConfigError, match="YYYY-MM-DD"):
        parse_day("31.1.2013")


def test_a_night_starts_on_the_morning_after_in_the_owners_timezone():
    assert night_of(date(2013, 1, 1), time(2), "America/New_York") == datetime(2013, 1, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "newest"), [(6, date(2012, 12, 31)), (7, date(2013, 1, 1))])
def test_a_day_is_newest_once_its_night_has_started(hour, newest):
    assert newest_day(time(2), "America/New_York", datetime(2013, 1, 2, hour, tzinfo=UTC)) == newest
