"""A day of parcels that were joined from the weather of their hour."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from ml.config import PipelineConfig
from ml.inspection import Earlier, inspect

DAY = date(2013, 5, 8)


def config(**contract):
    return PipelineConfig.model_validate(
        {
            "name": "parcels",
            "source": {"kind": "files", "path": "x.parquet", "event_time": "at", "key": ["parcel"]},
            "upstream": {
                "weather": {
                    "source": {"kind": "files", "path": "w.parquet", "event_time": "hour", "key": ["town", "hour"]},
                    "joined_on": {"town": "town", "hour": "at"},
                    "contract": {
                        "min_rows": 10,
                        "refused": 0.1,
                        "series": {"by": ["town"], "time": "hour"},
                        "columns": {
                            "town": {"type": "string"},
                            "hour": {"type": "datetime"},
                            "temp": {"type": "float", "spike": 20, "max": 120},
                        },
                    },
                }
            },
            "contract": {
                "refused": 0.3,
                "columns": {
                    "parcel": {"type": "int"},
                    "at": {"type": "datetime"},
                    "town": {"type": "string"},
                    "temp": {"type": "float", "table": "weather", "nulls": 0.5},
                    "late": {"type": "int", "history": False},
                },
                **contract,
            },
            "drift": {"kind": "evidently", "columns": {"temp": {"method": "wasserstein", "threshold": 0.1}}},
            "retrain": {"every": "1d"},
            "model": {"label": "late", "features": ["temp"]},
            "gates": [],
        }
    )


def tables(day=DAY, odd=None, **changes):
    """A day of 24 hours of weather in Bonn, and one parcel in each of its hours from six on."""
    hours = [datetime(day.year, day.month, day.day, hour) for hour in range(24)]
    temp = [50.0 + hour / 2 for hour in range(24)]
    for hour, value in (odd or {}).items():
        temp[hour] = value
    weather = pl.DataFrame({"town": ["Bonn"] * 24, "hour": hours, "temp": temp})
    own = weather.filter(pl.col("hour").dt.hour() >= 6).rename({"hour": "at"})
    numbered = own.with_columns(parcel=pl.int_range(pl.len()), late=pl.lit(0))
    return {"parcels": numbered, "weather": weather} | changes


def keys(inspection):
    return [violation.key for violation in inspection.violations]


def test_a_sound_day_breaks_nothing_and_is_told_in_numbers():
    found = inspect(config(), DAY, tables())
    assert (found.violations, found.unjudged, found.quarantined) == ((), (), False)
    assert (found.profile.own.rows, found.profile.upstream["weather"].rows) == (18, 24)


def test_a_wrong_hour_is_found_in_which_no_parcel_was_sent():
    found = inspect(config(), DAY, tables(odd={3: 1048.0}))
    assert keys(found) == ["weather/temp/range", "weather/temp/spike"]
    assert not found.quarantined
    assert found.own.refused.is_empty()
    assert found.upstream["weather"].refused["__rules"].to_list() == [["weather/temp/range", "weather/temp/spike"]]


def test_a_row_that_was_joined_from_a_refused_one_is_refused_for_its_reason():
    found = inspect(config(), DAY, tables(odd={22: 13.1}))
    assert keys(found) == ["weather/temp/spike", "weather//upstream"]
    (words,) = found.own.refused["__violations"].to_list()
    assert words == [
        "joined from a refused row of weather: temp 13.1 is more than 20 off its neighbours",
    ]


def test_a_table_without_rows_stops_the_day_by_its_name():
    day = tables()
    empty = {"weather": day["weather"][:0], "parcels": day["parcels"].with_columns(temp=None)}
    found = inspect(config(), DAY, empty)
    assert found.quarantined
    assert {v.table for v in found.violations} == {"weather"}
    assert keys(found) == ["weather//min_rows", "weather/temp/nulls", "weather//unjoined"]


def test_what_was_joined_an_hour_late_is_found_row_by_row():
    day = tables()
    shifted = day["parcels"].with_columns(pl.col("temp").shift(1, fill_value=1.0))
    found = inspect(config(), DAY, day | {"parcels": shifted})
    assert keys(found) == ["//refused", "weather/temp/joined"]


def test_a_table_that_was_not_pulled_is_not_judged_and_it_says_so():
    found = inspect(config(), DAY, {"parcels": tables()["parcels"]})
    assert not found.quarantined
    assert [(u.rule, u.table) for u in found.unjudged] == [("upstream", "weather")]


def test_rules_that_were_waived_stop_and_refuse_nothing():
    odd = tables(odd={3: 1048.0, 22: 13.1})
    waived = {"weather/temp/range", "weather/temp/spike"}
    found = inspect(config(), DAY, odd, waived=waived)
    assert (found.quarantined, found.own.refused.height, found.upstream["weather"].refused.height) == (False, 0, 0)
    assert set(keys(found)) == waived
    nothing = tables(weather=tables()["weather"][:0])
    assert not inspect(config(), DAY, nothing, waived={"weather//min_rows", "weather//unjoined"}).quarantined


def test_the_first_hour_has_its_neighbour_in_the_day_before():
    earlier = Earlier(config())
    odd = tables(odd={0: 5.0})
    assert keys(inspect(config(), DAY, odd, earlier)) == []
    earlier.remember(DAY - timedelta(days=1), tables(DAY - timedelta(days=1)))
    assert keys(inspect(config(), DAY, odd, earlier)) == ["weather/temp/spike"]
    assert keys(inspect(config(), DAY + timedelta(days=1), tables(DAY + timedelta(days=1), {0: 5.0}), earlier)) == []


def test_columns_that_are_compared_upstream_are_not_held_against_history_twice():
    pipeline = config(history={"rows": None, "copy": False})
    earlier = Earlier(pipeline)
    for n in range(20, 0, -1):
        day = DAY - timedelta(days=n)
        earlier.add(inspect(pipeline, day, tables(day), earlier).profile)
    holes = tables(odd=dict.fromkeys(range(6, 24, 2)))
    assert keys(inspect(pipeline, DAY, holes, earlier)) == []
    alone = {"parcels": holes["parcels"]}
    assert keys(inspect(pipeline, DAY, alone, earlier)) == ["weather/temp/history.nulls"]


@pytest.mark.parametrize("change", [{}, {"min_rows": 19}])
def test_violations_of_the_whole_day_come_first(change):
    found = inspect(config(**change), DAY, tables(odd={3: 1048.0}))
    assert [v.stops for v in found.violations] == sorted((v.stops for v in found.violations), reverse=True)
