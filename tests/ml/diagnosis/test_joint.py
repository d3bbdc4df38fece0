"""Values that cannot be together."""

from ml.diagnosis import joint


def test_a_sensor_that_moved_alone_is_impossible(happened):
    (found,) = joint.impossible(happened(temp=lambda r: r["temp"] + 30))
    assert found.column == "temp"


def test_a_warm_day_on_which_all_moved_together_is_possible(happened):
    assert list(joint.impossible(happened(temp=lambda r: r["temp"] + 30, dewp=lambda r: r["dewp"] + 30))) == []


def test_a_number_that_nothing_foretells_gives_no_sign(happened):
    assert list(joint.impossible(happened(miles=5000.0))) == []
