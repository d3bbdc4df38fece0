from datetime import timedelta

from ml.drills import ClockShifted
from tests.ml.drills.conftest import DAYS, TRIPS


def test_the_event_times_are_later(strike, today, before):
    after = today(strike(ClockShifted(hours=1)).tables)
    kept = before.filter(before["at"].dt.hour() < 23)
    assert after["at"].to_list() == (kept["at"] + timedelta(hours=1)).to_list()


def test_what_leaves_the_day_is_lost_to_it(strike):
    assert strike(ClockShifted(hours=5)).strikes[0].lost == 40


def test_the_weather_is_that_of_the_wrong_hour(strike, today, trips):
    import polars as pl

    after = today(strike(ClockShifted(hours=5)).tables)
    found = after.with_columns(observed=pl.col("at").dt.truncate("1h")).join(
        trips["weather"], on=["station", "observed"]
    )
    assert found["temp"].to_list() == found["temp_right"].to_list()


def test_a_clock_can_be_slow(strike):
    assert strike(ClockShifted(hours=-2)).strikes[0].lost == 16


def test_every_clock_reading_of_a_row_moves(trips, today):
    import polars as pl

    more = {**trips, "trips": trips["trips"].with_columns(hour=pl.col("at").dt.truncate("1h"))}
    after = today(ClockShifted(hours=5).inject(more, TRIPS, DAYS[-1:]).tables)
    assert after["hour"].to_list() == after["at"].dt.truncate("1h").to_list()
