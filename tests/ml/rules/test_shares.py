from datetime import date, timedelta

import pytest

from ml.profiles import ColumnProfile, TableProfile
from ml.rules.past import Past
from ml.rules.shares import faded

TODAY = date(2013, 6, 3)
USUAL = {"EWR": 400, "JFK": 350, "LGA": 220, "TEB": 30}


def column(counts):
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return ColumnProfile(
        kind="text",
        rows=sum(counts.values()),
        distinct=len(counts),
        values=tuple(value for value, _ in ordered),
        counts=tuple(count for _, count in ordered),
    )


@pytest.fixture
def past():
    """Four weeks in which every Sunday has no flight from LGA."""
    known = Past(28)
    for back in range(28, 0, -1):
        day = TODAY - timedelta(days=back)
        counts = USUAL if day.weekday() != 6 else USUAL | {"LGA": 1}
        known.add(day, TableProfile(rows=1000, columns={"origin": column(counts)}))
    return known


def said(past, counts, day=TODAY, limit=0.55):
    return list(faded("origin", column(counts), past, day, limit))


@pytest.mark.parametrize("value", ["EWR", "JFK", "LGA"])
def test_half_of_a_sender_is_missed_however_large_it_is(past, value):
    [violation] = said(past, USUAL | {value: USUAL[value] // 2})
    assert violation.rule == "history.shares"
    assert f"rows on 2013-06-03 have '{value}'" in violation.sentence
    assert "50% of what 4 Mondays had" in violation.sentence


def test_a_holiday_on_which_everything_is_less_is_none(past):
    assert said(past, {value: count // 3 for value, count in USUAL.items()}) == []


def test_few_rows_may_be_chance(past):
    assert said(past, {"EWR": 24, "JFK": 21, "LGA": 6}) == []


def test_a_value_that_is_gone_is_another_rules_to_say(past):
    assert said(past, {"EWR": 400, "JFK": 350}) == []


def test_a_rare_value_may_vary(past):
    assert said(past, USUAL | {"TEB": 1}) == []


def test_a_day_is_compared_with_its_weekday(past):
    assert said(past, USUAL | {"LGA": 1}, TODAY - timedelta(days=1)) == []


def test_how_much_is_missed_is_the_owners_to_say(past):
    assert said(past, USUAL | {"EWR": 250}) == []
    assert len(said(past, USUAL | {"EWR": 250}, limit=0.8)) == 1


def test_few_weekdays_say_nothing(past):
    assert said(past.until(TODAY + timedelta(days=14)), USUAL | {"EWR": 1}) == []


def test_a_text_whose_values_hardly_repeat_says_nothing(past):
    nothing = ColumnProfile(kind="text", rows=1000, distinct=1000)
    known = Past(28)
    for back in range(28, 0, -1):
        known.add(TODAY - timedelta(days=back), TableProfile(rows=1000, columns={"origin": nothing}))
    assert list(faded("origin", nothing, known, TODAY, 0.55)) == []
