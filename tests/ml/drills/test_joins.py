from datetime import timedelta

import polars as pl

from ml.drills import JoinMisplaced, JoinShifted, UpstreamAbsent
from ml.drills.joins import joined
from ml.drills.scene import Scene
from tests.ml.drills.conftest import DAYS, TRIPS


def test_each_row_gets_the_weather_of_the_hour_before(strike, today, trips):
    after = today(strike(JoinShifted()).tables)
    found = after.with_columns(observed=pl.col("at").dt.truncate("1h") - timedelta(hours=1)).join(
        trips["weather"], on=["station", "observed"]
    )
    assert found.height == after.height
    assert found["temp"].to_list() == found["temp_right"].to_list()


def test_the_upstream_table_of_a_wrong_join_is_right(strike, trips):
    done = strike(JoinShifted())
    assert [strike.table for strike in done.strikes] == ["trips"]


def test_without_the_upstream_table_the_rows_themselves_tell(trips):
    alone = JoinShifted().inject({"trips": trips["trips"]}, TRIPS, DAYS[-1:])
    both = JoinShifted().inject(trips, TRIPS, DAYS[-1:])
    assert alone.tables["trips"].equals(both.tables["trips"])


def test_one_place_gets_the_weather_of_another(strike, today):
    after = today(strike(JoinMisplaced(value="North", other="South")).tables)
    hours = after.group_by(pl.col("at").dt.truncate("1h")).agg(pl.col("temp").n_unique())
    assert hours["temp"].to_list() == [1] * 24


def test_an_absent_table_leaves_nulls(strike, today, before):
    done = strike(UpstreamAbsent())
    assert today(done.tables)["temp"].null_count() == before.height
    assert today(done.tables, "weather", "observed").is_empty()


def test_the_right_join_changes_nothing(trips):
    scene = Scene.of(trips, TRIPS, None)
    assert joined(scene, scene.own).equals(scene.own)
