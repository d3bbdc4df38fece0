"""Values that cannot be together."""

from ml.diagnosis import joint


def test_a_sensor_that_moved_alone_is_impossible(happened):
    (found,) = joint.impossible(happened(temp=lambda r: r["temp"] + 30))
    assert found.column == "temp"


def test_a_warm_day_on_which_all_moved_together_is_possible(happened):
    assert list(joint.impossible(happened(temp=lambda r: r["temp"] + 30, dewp=lambda r: r["dewp"] + 30))) == []


def test_a_number_that_nothing_foretells_gives_no_sign(happened):
    assert list(joint.impossible(happened(miles=5000.0))) == []


def test_single_rows_that_cannot_be_are_seen_though_no_distribution_moves(happened):
    case = happened(temp=lambda r: r["temp"].where(r.index % 100 != 0, r["temp"] + 60))
    found = {e.column: e.sentence for e in joint.impossible_rows(case)}
    assert "in 5 of 480 rows" in found["temp"]


def test_a_quiet_day_has_no_impossible_rows(quiet):
    assert list(joint.impossible_rows(quiet)) == []


def test_how_surprising_a_column_is_is_unknown_when_nothing_foretells_it(quiet):
    assert joint.surprise(quiet, "miles") is None
    assert joint.surprise(quiet, "temp") < joint.FAR
