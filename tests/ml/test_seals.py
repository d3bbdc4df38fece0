"""A row's text, and the chain over it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ml import seals

VALUES = {"id": 1, "day": date(2013, 1, 31), "at": datetime(2013, 2, 1, 2, tzinfo=UTC), "why": ("ä", float("nan"))}


def test_equal_values_have_one_text():
    east = VALUES["at"].astimezone(timezone(timedelta(hours=2)))
    assert seals.seal("acts", dict(reversed(VALUES.items())) | {"at": east}) == seals.seal("acts", VALUES)


def test_the_text_and_its_hash_never_change():
    text = '{"at":"2013-02-01T02:00:00.000000+00:00","book":"acts","day":"2013-01-31","id":1,"why":["ä","NaN"]}'
    assert seals.seal("acts", VALUES) == text
    # as sha256sum gives it
    assert seals.chained(seals.FIRST, text) == "25ccccb9e35824f024ef3b7667773240da1d94944c1fa03599d1c10a3e2a66cd"


def test_a_seal_says_what_was_written():
    assert seals.unsealed(seals.seal("acts", VALUES)) == {"book": "acts", **seals.plain(VALUES)}


@pytest.mark.parametrize("text", ["", "[1]", "no"])
def test_what_is_no_seal_is_refused(text):
    with pytest.raises(ValueError, match=r"seal|Expecting"):
        seals.unsealed(text)


def test_a_moment_needs_a_zone():
    with pytest.raises(ValueError, match="has no timezone"):
        seals.seal("acts", {"at": datetime(2013, 2, 1)})


def test_another_row_before_gives_another_hash():
    assert seals.chained("a" * 64, "{}") != seals.chained("b" * 64, "{}")
    assert len(seals.chained(seals.FIRST, "{}")) == 64
