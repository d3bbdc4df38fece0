import polars as pl

from ml.drills import SensorFrozen


def test_a_sensor_stays_at_one_place_in_both_tables(strike, today):
    done = strike(SensorFrozen(column="temp", value="North"))
    for name, time in (("trips", "at"), ("weather", "observed")):
        values = today(done.tables, name, time).group_by("station").agg(pl.col("temp").n_unique())
        assert dict(values.iter_rows())["North"] == 1
        assert dict(values.iter_rows())["South"] > 20


def test_it_may_come_back(strike, today):
    done = strike(SensorFrozen(column="temp", value="North", hours=6))
    north = today(done.tables, "weather", "observed").filter(pl.col("station") == "North").sort("observed")["temp"]
    assert north.head(7).n_unique() == 1
    assert north.tail(17).n_unique() > 15


def test_without_places_a_column_of_decimals_stays(tiny_tables, tiny_ground):
    done = SensorFrozen().inject(tiny_tables, tiny_ground)
    assert done.tables["tiny"]["weight"].n_unique() == 1
