"""What comes again every year."""

from dataclasses import replace

from ml.diagnosis import seasons

from .conftest import moved, world


def test_the_same_weeks_of_an_earlier_cycle_explain_it(quiet):
    case = moved(
        replace(quiet, current=world("2013-03-29", 2, 3, warmer=30), earlier=world("2012-03-29", 14, 4, warmer=30))
    )
    (found,) = seasons.returned(case)
    assert "temp" in found.sentence


def test_an_earlier_cycle_that_was_otherwise_does_not(quiet):
    case = moved(replace(quiet, current=world("2013-03-29", 2, 3, warmer=30), earlier=world("2012-03-29", 14, 4)))
    assert list(seasons.returned(case)) == []


def test_without_an_earlier_cycle_nothing_is_said(quiet):
    assert list(seasons.returned(replace(quiet, moved=("temp",)))) == []
