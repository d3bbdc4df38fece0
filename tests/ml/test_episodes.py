"""One mail when it opens, silence while it lasts, one when it ends."""

from datetime import date, timedelta

import pytest

from ml.episodes import Night, chapters, last_chapter

FIRST = date(2013, 3, 1)


def nights(*reached):
    return [Night(FIRST + timedelta(days=n), r) for n, r in enumerate(reached)]


def news(*reached, quiet=2):
    return [chapter.news for chapter in chapters(nights(*reached), quiet)]


ALARM, CALM = {"temp": 1.5}, {}


def test_quiet_nights_tell_nothing():
    assert news(CALM, CALM, CALM) == [None, None, None]


def test_an_episode_is_told_when_it_opens_and_when_it_ends():
    assert news(CALM, ALARM, ALARM, ALARM, CALM, CALM, CALM) == [None, "opened", None, None, None, "ended", None]


def test_a_single_quiet_night_does_not_end_it():
    assert news(ALARM, CALM, ALARM, CALM, CALM) == ["opened", None, None, None, "ended"]


def test_after_its_end_the_next_alarm_is_another_episode():
    told = list(chapters(nights(ALARM, CALM, CALM, ALARM), 2))
    assert [c.news for c in told] == ["opened", None, "ended", "opened"]
    assert told[-1].episode.opened == FIRST + timedelta(days=3)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"temp": 2.9}, None),
        ({"temp": 3.0}, "worse"),
        ({"temp": 1.5, "dest": 1.1}, None),
        ({"temp": 1.5, "dest": 1.1, "visib": 1.1}, "worse"),
    ],
)
def test_it_speaks_again_only_when_it_doubles(second, expected):
    assert news(ALARM, second)[1] == expected


def test_what_was_told_is_not_told_again():
    assert news(ALARM, {"temp": 3.0}, {"temp": 3.1}, {"temp": 6.0}) == ["opened", "worse", None, "worse"]


def test_an_infinite_reach_is_worse_once():
    assert news(ALARM, {"temp": float("inf")}, {"temp": float("inf")})[:2] == ["opened", "worse"]
    assert news({"temp": float("inf")}, {"temp": float("inf")}) == ["opened", None]


def test_the_episode_remembers_its_columns_and_its_worst():
    last = last_chapter(nights({"temp": 1.5}, {"dest": 2.0}, CALM), quiet=3).episode
    assert (last.columns, last.worst, last.alarms, last.quiet) == (("temp", "dest"), 2.0, 2, 1)
    assert (last.opened, last.last) == (FIRST, FIRST + timedelta(days=1))


def test_without_nights_there_is_no_chapter():
    assert last_chapter([], quiet=3) is None
