"""Moments as people write them."""

from datetime import UTC, datetime

import pytest

from ml.errors import ConfigError
from ml.moments import When

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def asked(text, timezone="America/New_York"):
    return When.parse(text, timezone, NOW)


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("2013-06-01T08:30:00+02:00", "2013-06-01 06:30", "at 2013-06-01 08:30 +02:00"),
        ("2013-06-01T08:30Z", "2013-06-01 08:30", "at 2013-06-01 08:30 UTC"),
        ("2013-06-01 08:30", "2013-06-01 12:30", "at 2013-06-01 08:30 -04:00 (America/New_York)"),
        ("2013-06-01 08:30:07", "2013-06-01 12:30", "at 2013-06-01 08:30:07 -04:00 (America/New_York)"),
        ("2013-11-03 01:30", "2013-11-03 05:30", "at 2013-11-03 01:30 -04:00 (America/New_York)"),  # comes twice
    ],
)
def test_a_moment_says_in_which_zone_it_was_read(text, start, said):
    found = asked(text)
    assert (f"{found.start:%Y-%m-%d %H:%M}", found.end, found.said) == (start, None, said)


def test_a_day_alone_is_all_of_it_in_the_pipelines_zone():
    found = asked("2013-03-10")  # 23 hours long
    assert found.said == "on 2013-03-10 (America/New_York)"
    assert (found.start, (found.end - found.start).total_seconds() / 3600) == (datetime(2013, 3, 10, 5, tzinfo=UTC), 23)


@pytest.mark.parametrize("text", ["", "yesterday", "1.6.2013", "2013-13-01", "25:00"])
def test_what_is_no_moment_is_said(text):
    with pytest.raises(ConfigError, match="is no moment; write 2013-06-01"):
        asked(text)


def test_what_is_to_come_cannot_be_asked():
    with pytest.raises(ConfigError, match="is still to come: it is 2026-11-26 13:00 UTC, and now is 2026-11-26 12:00"):
        asked("2026-11-26 08:00")
    assert asked("2026-11-26").start < NOW
