"""Columns that stopped, and one that knows too much."""

from dataclasses import replace

from ml.diagnosis import sensors

SIGNS = (sensors.frozen, sensors.stuck, sensors.gone_missing, sensors.leaked)


def signs(case):
    return [(e.sign, e.column) for sign in SIGNS for e in sign(case)]


def test_a_quiet_day_shows_no_sign(quiet):
    assert signs(quiet) == []


def test_a_sensor_that_froze(happened):
    assert signs(happened(temp=51.3)) == [("frozen", "temp"), ("stuck", "temp")]


def test_a_sensor_that_froze_for_some_hours(happened):
    case = happened(temp=lambda r: r["temp"].where(r["at"].dt.hour < 17, 51.3))
    assert signs(case) == [("stuck", "temp")]


def test_a_value_that_is_frequent_anyway_is_not_stuck(happened):
    assert list(sensors.stuck(happened(miles=lambda r: r["miles"].where(r.index % 10 != 0, 760.0)))) == []


def test_a_sensor_that_froze_at_one_place_names_the_column_of_places(happened):
    (found,) = sensors.frozen(happened(temp=lambda r: r["temp"].where(r["origin"] != "JFK", 51.3)))
    assert "one value of origin" in found.sentence


def test_a_number_that_is_often_still_may_stay_so(quiet):
    def still(frame):
        return frame.assign(visib=10.0)

    case = replace(quiet, reference=still(quiet.reference), current=still(quiet.current), columns=("visib",))
    assert list(sensors.frozen(case)) == []


def test_columns_of_one_table_that_are_null_together_failed_to_join(happened):
    case = replace(
        happened(temp=lambda r: r["temp"].where(r.index % 3 != 0), dewp=lambda r: r["dewp"].where(r.index % 3 != 0)),
        tables={"temp": "weather", "dewp": "weather"},
    )
    (found,) = sensors.gone_missing(case)
    assert "the join with weather failed" in found.sentence


def test_a_single_column_that_is_null_is_named_alone(happened):
    (found,) = sensors.gone_missing(happened(temp=lambda r: r["temp"].where(r.index % 3 != 0)))
    assert found.column == "temp"
    assert "join" not in found.sentence


def test_columns_without_a_table_that_are_null_are_each_named(happened):
    case = happened(
        temp=lambda r: r["temp"].where(r.index % 3 != 0), miles=lambda r: r["miles"].where(r.index % 3 != 0)
    )
    assert {e.column for e in sensors.gone_missing(case)} == {"temp", "miles"}


def test_an_input_that_knows_the_answer(happened):
    (found,) = sensors.leaked(happened(temp=lambda r: 50.0 + r["late"]))
    assert found.sign == "leak"
