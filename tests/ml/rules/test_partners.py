from datetime import date

import polars as pl
import pytest

from ml.rules.columns import ColumnRule
from ml.rules.partners import Met, Partner

DAY = date(2013, 2, 12)
COLUMNS = {"temp": ColumnRule(type="float", table="weather"), "seats": ColumnRule(type="int", table="planes")}


def weather(**columns):
    rows = {"place": ["EWR", "JFK"], "hour": [3, 3], "temp": [39.0, 41.0], "why": [None, "temp 41.0 is odd"]}
    return Partner("weather", pl.DataFrame(rows | columns), "why", {"origin": "place", "at": "hour"}, 0.3)


def flights(**columns):
    rows = {"origin": ["JFK", "EWR", "JFK"], "at": [3, 3, 3], "temp": [41.0, 39.0, 41.0], "seats": [1, 2, 3]}
    return pl.DataFrame(rows | columns)


def met(frame=None, partner=None):
    return Met.of(flights() if frame is None else frame, (), partner or weather())


def test_rows_that_were_joined_from_a_refused_row_carry_its_reason():
    ((rule, rows),) = met().breaches(flights(), COLUMNS)
    assert rows.to_list() == [True, False, True]
    assert (rule.key, rule.table) == ("weather//upstream", "weather")
    words = flights().filter(rows).select(rule.reason(rows)).to_series()
    assert words.to_list() == ["joined from a refused row of weather: temp 41.0 is odd"] * 2


@pytest.mark.parametrize("temp", [[41.0, 3.9, 41.0], [41.0, None, 41.0]])
def test_a_value_that_is_not_its_partners_was_joined_wrongly(temp):
    frame, sound = flights(temp=temp), weather(why=[None, None])
    ((rule, rows),) = met(frame, sound).breaches(frame, COLUMNS)
    assert (rule.key, rows.to_list()) == ("weather/temp/joined", [False, True, False])


def test_a_row_without_partner_is_no_breach_but_counts():
    frame = flights(at=[3, 4, None], temp=[None, 1.0, 2.0])
    found = met(frame, weather(why=[None, None], temp=[39.0, None]))
    assert list(found.breaches(frame, COLUMNS)) == []
    (violation,) = found.unjoined(DAY)
    assert (violation.key, violation.rows) == ("weather//unjoined", 2)
    assert violation.sentence == ("2 of 3 rows on 2013-02-12 have no row of weather, 66.67%, more than unjoined 30.00%")


def test_rows_that_all_have_a_partner_are_no_violation():
    assert list(met().unjoined(DAY)) == []
    assert list(met(flights()[:0]).unjoined(DAY)) == []


def test_a_partner_that_is_there_twice_is_met_once():
    twice = weather(place=["JFK", "JFK"], temp=[41.0, 42.0], why=[None, None])
    assert met(partner=twice).found.to_list() == [True, False, True]


def test_what_cannot_be_compared_is_not():
    assert met(flights().drop("at")) is None
    assert Met.of(flights(), ["at"], weather()) is None
    assert met(partner=weather(hour=["3", "3"])) is None
    frame = flights(temp=["warm"] * 3)
    assert list(met(frame, weather(why=[None, None])).breaches(frame, COLUMNS)) == []
