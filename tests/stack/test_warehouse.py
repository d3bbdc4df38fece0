import csv
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest

from stack import warehouse as demo
from stack.errors import StackError
from stack.postgres import connect

ROWS = {"airlines": 16, "airports": 1458, "planes": 3322, "weather": 26115, "flights": 336776}
LAST_MORNING = "2013-03-09 02:00 America/New_York"


@pytest.fixture(scope="module")
def ask(warehouse):
    """Ask the loaded warehouse: gives all rows of a query."""
    connection = connect(warehouse)
    with connection.cursor() as cursor:

        def run(query, *values):
            cursor.execute(query, values or None)
            return cursor.fetchall()

        yield run
    connection.close()


def published(table):
    with demo._published(table) as file:
        yield from csv.DictReader(line.decode() for line in file)


@pytest.mark.integration
@pytest.mark.parametrize("table", ROWS)
def test_every_published_row_is_there(ask, table):
    assert ask(f"SELECT count(*) FROM {table}") == [(ROWS[table],)]


@pytest.mark.integration
def test_the_published_clock_readings_can_be_read_off_the_timestamps(ask):
    clock = "to_char({}, 'FMHH24MI')::integer % 2400"
    arrival = "arr_time AT TIME ZONE 'America/New_York' AT TIME ZONE coalesce(tzone, 'America/Puerto_Rico')"
    clocks = ", ".join(clock.format(column) for column in ("sched_dep", "dep_time", arrival))
    there = Counter(ask(f"SELECT day, carrier, flight, {clocks} FROM flights LEFT JOIN airports ON faa = dest"))
    there.subtract(_reading(row) for row in published("flights"))
    # five arrivals fell into an hour that the clocks skipped or repeated
    flights = {key[:3] for key, count in there.items() if count}
    assert len(flights) == 5
    assert {flight[0] for flight in flights} == {date(2013, 3, 9), date(2013, 11, 2)}


def _reading(row):
    clocks = [None if row[c] == "NA" else int(row[c]) % 2400 for c in ("sched_dep_time", "dep_time", "arr_time")]
    return date(int(row["year"]), int(row["month"]), int(row["day"])), row["carrier"], int(row["flight"]), *clocks


@pytest.mark.integration
def test_delays_are_the_distance_between_the_timestamps(ask):
    wrong = "SELECT DISTINCT day FROM flights WHERE extract(epoch FROM {0}_time - sched_{0}) / 60 <> {0}_delay"
    assert ask(wrong.format("dep")) == []
    # seven flights were in the air while New York's clock was changed
    assert ask(wrong.format("arr") + " ORDER BY day") == [(date(2013, 3, 9),), (date(2013, 11, 2),)]


@pytest.mark.integration
def test_a_flight_over_midnight_arrives_the_next_day(ask):
    late = "SELECT count(*) FROM flights WHERE arr_time < dep_time OR arr_time - dep_time > interval '21 hours'"
    assert ask(late) == [(0,)]
    flight = "SELECT sched_arr, arr_time FROM flights WHERE day = '2013-01-01' AND carrier = 'B6' AND flight = 359"
    assert ask(flight) == [(datetime(2013, 1, 2, 0, 57), datetime(2013, 1, 2, 2, 28))]


@pytest.mark.integration
def test_wrong_values_stay_as_published(ask):
    gale = "SELECT round(wind_speed) FROM weather WHERE origin = 'EWR' AND observed = '2013-02-12 03:00'"
    assert ask(gale) == [(1048,)]
    assert ask("SELECT count(*) FROM weather WHERE day = '2013-12-31'") == [(0,)]
    assert ask("SELECT count(DISTINCT dest) FROM flights WHERE dest NOT IN (SELECT faa FROM airports)") == [(4,)]


@pytest.mark.integration
def test_loading_again_does_nothing(warehouse):
    said = []
    assert demo.load(warehouse, said.append) == sum(ROWS.values())
    assert said == []


@pytest.mark.integration
def test_killed_halfway_it_leaves_nothing_and_two_at_once_finish_it_once(postgres):
    die = "lambda text: 'flights' in text and os._exit(9)"
    code = f"import os; from stack import warehouse; warehouse.load({postgres!r}, {die})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    said = []
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: demo.load(postgres, said.append), range(2)))
    assert both == [sum(ROWS.values())] * 2
    assert len([text for text in said if "336,776" in text]) == 1


@pytest.mark.integration
def test_tables_of_somebody_else_are_left_alone(postgres):
    connection = connect(postgres)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE flights (mine int)")
        with pytest.raises(StackError, match=r"public\.flights; nothing was changed"):
            demo.load(postgres, print)
        cursor.execute("SELECT mine FROM flights")
    connection.close()


@pytest.mark.integration
def test_a_warehouse_of_an_older_layout_is_made_anew(postgres, monkeypatch):
    monkeypatch.setattr(demo, "_fill", lambda cursor, progress: _mark_only(cursor))
    demo.load(postgres, print)
    said = []
    monkeypatch.setattr(demo, "_layout", lambda: "another")
    demo.load(postgres, said.append)
    assert said == ["the warehouse is of an older layout: making it anew"]


def _mark_only(cursor):
    for table in demo.TABLES:
        cursor.execute(f"CREATE TABLE {table} ()")
    cursor.execute("CREATE SCHEMA live")
    demo._set_mark(cursor, 0)
    return 0


def test_a_server_that_is_down_is_one_sentence():
    with pytest.raises(StackError, match="the warehouse did not answer"):
        demo.load("postgresql+psycopg2://nobody:secret@127.0.0.1:9/warehouse", print)


@pytest.mark.integration
def test_the_calendar_keeps_weekdays_and_leaves_2013_as_it_was(ask):
    weekday = "extract(dow FROM live_day) <> extract(dow FROM real_day)"
    assert ask(f"SELECT count(*) FROM live.calendar WHERE {weekday}") == [(0,)]
    moved = "SELECT count(*) FROM live.calendar WHERE live_day < '2014-01-01' AND live_day <> real_day"
    assert ask(moved) == [(0,)]
    assert ask("SELECT real_day FROM live.calendar WHERE live_day = '2014-01-01'") == [(date(2013, 1, 2),)]


@pytest.mark.integration
def test_last_night_has_flights_and_tomorrow_none(ask):
    day = "(now() AT TIME ZONE 'America/New_York')::date"
    assert ask(f"SELECT count(*) > 600 FROM live.flights WHERE day = {day} - 1") == [(True,)]
    assert ask(f"SELECT count(*) FROM live.flights WHERE day > {day}") == [(0,)]
    assert ask(f"SELECT count(*) > 60 FROM live.weather WHERE day = {day} - 7") == [(True,)]


@pytest.mark.integration
def test_nothing_is_known_before_it_happened(ask):
    noon = "'2026-11-20 12:00 America/New_York'"
    newest = "count(*), max(sched_dep), max(dep_time), max(arr_time)"
    rows, *newest = ask(f"SELECT {newest} FROM live.flights_at({noon}) WHERE day > '2026-11-18'")[0]
    assert rows > 1000
    assert all(datetime(2026, 11, 20, 11, 30) < moment <= datetime(2026, 11, 20, 12) for moment in newest)
    assert ask(f"SELECT max(observed) FROM live.weather_at({noon})") == [(datetime(2026, 11, 20, 12),)]


@pytest.mark.integration
def test_what_comes_with_departure_or_landing_comes_together(ask):
    split = """SELECT count(*) FROM live.flights_at(%s) WHERE day >= '2013-03-07' AND (
        (dep_time IS NULL) <> (dep_delay IS NULL) OR dep_time IS NULL AND arr_time IS NOT NULL
        OR arr_time IS NULL AND (arr_delay IS NOT NULL OR elapsed IS NOT NULL OR air_time IS NOT NULL))"""
    assert ask(split, LAST_MORNING) == [(0,)]


@pytest.mark.integration
def test_a_flight_in_the_air_has_departed_and_gets_its_delay_on_landing(ask):
    state = """SELECT dep_delay, arr_delay FROM live.flights_at(%s)
        WHERE day = '2013-01-01' AND carrier = 'B6' AND flight = 359"""
    assert ask(state, "2013-01-01 18:34 America/New_York") == []
    assert ask(state, "2013-01-01 20:23 America/New_York") == [(None, None)]
    assert ask(state, "2013-01-01 20:24 America/New_York") == [(109, None)]
    assert ask(state, "2013-01-02 02:27 America/New_York") == [(109, None)]
    assert ask(state, "2013-01-02 02:28 America/New_York") == [(109, 91)]


@pytest.mark.integration
def test_instants_are_compared_whatever_the_clock_of_the_one_who_asks(ask):
    count = "SELECT count(arr_delay) FROM live.flights_at(%s) WHERE day = '2026-07-01'"
    assert ask(count, "2026-07-01 18:00 America/New_York") == ask(count, "2026-07-01 22:00 UTC")


@pytest.mark.integration
def test_cancelled_and_diverted_flights_never_get_an_arrival_delay(ask):
    never = "SELECT count(*) FROM live.flights_at('2014-06-01 UTC') WHERE day <= '2013-12-31' AND arr_delay IS NULL"
    assert ask(never) == [(9430,)]


@pytest.mark.integration
def test_an_hour_that_the_clock_repeats_is_there_once(ask):
    twice = "SELECT count(*) FROM weather WHERE observed = '2013-11-03 01:00'"
    assert ask(twice) == [(6,)]
    assert ask("SELECT count(*) FROM live.weather WHERE observed = '2013-11-03 01:00'") == [(3,)]


@pytest.mark.integration
@pytest.mark.parametrize("table", ["flights", "weather"])
def test_a_filter_on_the_day_reaches_the_indexes(ask, table):
    plan = "\n".join(row[0] for row in ask(f"EXPLAIN SELECT * FROM live.{table} WHERE day = '2026-11-20'"))
    assert "Seq Scan" not in plan
    assert "Function Scan" not in plan
    assert "calendar_pkey" in plan


@pytest.mark.integration
def test_the_schedule_holds_what_has_not_left_yet_and_nothing_of_what_came_of_it(ask):
    morning = "'2026-11-20 03:00 America/New_York'"
    (today, first, newest), *_ = ask(f"SELECT count(*), min(sched_dep), max(day) FROM live.schedule_at({morning})")
    left = ask("SELECT count(*) FROM live.flights_at('2026-11-23 UTC') WHERE day IN ('2026-11-20', '2026-11-21')")
    assert [(today,)] == left
    assert (first > datetime(2026, 11, 20, 3), newest) == (True, date(2026, 11, 21))
    columns = ask("SELECT unnest(proargnames) FROM pg_proc WHERE proname = 'schedule_at'")
    assert not {name for (name,) in columns} & {"dep_time", "dep_delay", "arr_time", "arr_delay", "elapsed", "air_time"}


@pytest.mark.integration
def test_a_flight_that_left_is_not_planned_any_more(ask):
    planned = """SELECT count(*) FROM live.schedule_at(%s)
        WHERE day = '2013-01-01' AND carrier = 'B6' AND flight = 359"""
    assert ask(planned, "2013-01-01 18:34 America/New_York") == [(1,)]
    assert ask(planned, "2013-01-01 18:35 America/New_York") == [(0,)]
    assert ask(planned, "2012-12-30 12:00 America/New_York") == [(0,)]
