import pytest

from ml.drills import UnitChanged
from ml.errors import CannotStrike


def test_the_unit_is_read_from_the_note(strike, before, today):
    done = strike(UnitChanged(column="temp"))
    assert done.detail == "temp: °F in °C"
    assert today(done.tables)["temp"].to_list() == pytest.approx(((before["temp"] - 32) * 5 / 9).to_list())


def test_a_column_of_known_unit_is_preferred(strike):
    assert {strike(UnitChanged(), seed).detail for seed in range(8)} <= {
        "temp: °F in °C",
        "length: miles in km",
        "pressure: hPa in inHg",
    }


def test_pressure_is_known_by_its_range(strike, before, today):
    done = strike(UnitChanged(column="pressure"))
    assert today(done.tables)["pressure"].mean() == pytest.approx(29.92, abs=0.1)


def test_a_factor_can_be_told(strike, before, today):
    done = strike(UnitChanged(column="fare", factor=1.1, offset=2))
    assert today(done.tables)["fare"].to_list() == pytest.approx((before["fare"] * 1.1 + 2).to_list())


def test_a_share_of_the_day_can_be_told(strike):
    assert strike(UnitChanged(column="fare", share=0.25)).strikes[0].rows == 48


def test_an_unknown_unit_is_any_factor(tiny_tables, tiny_ground):
    assert UnitChanged().inject(tiny_tables, tiny_ground).detail == "weight: a unit 1.609 times larger"


def test_a_column_that_is_no_number_cannot_be_converted(strike):
    with pytest.raises(CannotStrike, match="a column of numbers"):
        strike(UnitChanged(column="station"))
