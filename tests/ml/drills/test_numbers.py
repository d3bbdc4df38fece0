import polars as pl
import pytest

from ml.drills import DecimalComma, NullBurst, Sentinel, SignFlipped, Spike


def test_a_null_burst_is_as_long_as_its_share(strike, today):
    done = strike(NullBurst(column="fare", share=0.5))
    assert today(done.tables)["fare"].null_count() == 96


def test_nulls_of_a_measurement_are_upstream_too(strike, today):
    done = strike(NullBurst(column="temp", share=0.5))
    assert today(done.tables, "weather", "observed")["temp"].null_count() >= 24


def test_sentinels_stand_in_their_share_of_rows(strike, today):
    done = strike(Sentinel(column="length", value=-999, share=0.25))
    assert (today(done.tables)["length"] == -999).sum() == 48


def test_without_a_value_it_is_one_of_two(strike, today):
    found = {tuple(today(strike(Sentinel(column="fare"), s).tables)["fare"].top_k(1)) for s in range(6)}
    assert (9999.0,) in found
    assert len(found) == 2


def test_a_sign_is_flipped_in_every_row(strike, today, before):
    assert today(strike(SignFlipped(column="fare")).tables)["fare"].to_list() == (-before["fare"]).to_list()


def test_a_spike_is_as_high_as_its_strength(strike, trips):
    done = strike(Spike(column="fare", strength=4))
    after, was = done.tables["trips"]["fare"], trips["trips"]["fare"]
    moved = (after - was).filter(done.damaged["trips"])
    assert len(moved) == 1
    assert abs(moved[0]) == pytest.approx(4 * (was.quantile(0.95) - was.quantile(0.05)))


def test_a_spike_of_a_measurement_is_in_all_rows_of_its_hour(strike):
    own, weather = strike(Spike(column="temp")).strikes
    assert (own.rows, weather.rows) == (4, 1)


def test_a_decimal_comma_makes_text(strike, today, before):
    done = strike(DecimalComma(column="fare", as_text=True))
    assert today(done.tables)["fare"].to_list() == [str(v).replace(".", ",") for v in before["fare"]]
    assert done.damaged["trips"].sum() == before.height


def test_a_lost_decimal_comma_makes_large_numbers(strike, today, before):
    done = strike(DecimalComma(column="fare", as_text=False))
    assert today(done.tables)["fare"].to_list() == [float(str(v).replace(".", "")) for v in before["fare"]]


def test_whole_numbers_have_no_comma(strike):
    assert {strike(DecimalComma(), seed).strikes[0].columns[0] for seed in range(8)} <= {"fare", "temp", "pressure"}


def test_a_column_that_is_mostly_null_has_no_burst(trips):
    from tests.ml.drills.conftest import TRIPS

    sparse = trips["trips"].with_columns(pl.when(pl.col("trip") % 3 == 0).then("fare").alias("fare"))
    done = [NullBurst().inject({"trips": sparse}, TRIPS, seed=seed) for seed in range(20)]
    assert "fare" not in {one.strikes[0].columns[0] for one in done}
