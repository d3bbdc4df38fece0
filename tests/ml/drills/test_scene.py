import numpy as np
import polars as pl
import pytest

from ml.drills.scene import ROW, Scene
from tests.ml.drills.conftest import DAYS, TRIPS


@pytest.fixture
def scene(trips):
    return Scene.of(trips, TRIPS, DAYS[-1:])


def test_numbers_are_neither_key_nor_label(scene):
    assert scene.numbers() == ["fare", "length", "temp", "pressure"]


def test_categories_have_few_values(scene):
    assert scene.categories() == ["station", "line"]


def test_what_was_joined_by_place_and_hour_is_found_in_the_data(scene):
    assert scene.place == "station"
    assert scene.measured == ["temp", "pressure"]


def test_nothing_is_measured_where_every_row_has_its_own_value(tiny_tables, tiny_ground):
    scene = Scene.of(tiny_tables, tiny_ground, None)
    assert scene.place is None
    assert scene.measured == []


def test_shares_are_largest_first(scene):
    shares = scene.shares("line")
    assert sum(share for _, share in shares) == pytest.approx(1)
    assert [share for _, share in shares] == sorted((share for _, share in shares), reverse=True)


def test_some_of_a_measured_column_is_some_hours_of_a_place_in_both_tables(scene):
    where = scene.some("temp", 0.1, np.random.default_rng(0))
    own, weather = (scene.tables[name].filter(where[name]) for name in ("trips", "weather"))
    assert weather.height == 5
    assert own.height == 20
    hours = own.select("station", pl.col("at").dt.truncate("1h").alias("observed")).unique()
    assert hours.join(weather, on=["station", "observed"], how="anti").is_empty()


def test_some_of_an_own_column_is_single_rows(scene):
    where = scene.some("fare", 0.1, np.random.default_rng(0))
    assert scene.own.filter(where["trips"]).height == 19
    assert scene.tables["weather"].filter(where["weather"]).is_empty()


def test_a_window_is_a_stretch_of_time(scene):
    where = scene.window(0.5, np.random.default_rng(0))
    numbers = scene.struck.filter(where["trips"])[ROW].to_list()
    assert len(numbers) == 96
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_a_change_is_made_in_every_table_that_has_the_column(scene):
    tables = scene.change("temp", lambda column: column * 0)
    for name, time in TRIPS.times.items():
        struck = tables[name].filter(pl.col(time).dt.date() == DAYS[-1])
        assert struck["temp"].to_list() == [0.0] * struck.height


def test_whole_numbers_stay_whole(scene):
    changed = scene.change("length", lambda column: column * 1.61)["trips"]
    assert changed.schema["length"] == scene.own.schema["length"]
