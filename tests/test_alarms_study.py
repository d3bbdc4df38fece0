"""The study of alarms: it runs, and its streams are what they claim to be."""

import json
from datetime import date, timedelta

import numpy
import polars as pl
import pytest

from studies import alarms, damage
from studies.streams import FIRST, streams

WANTED = {"target", "nights", "alarms", "inside_interval", "power"}


def test_quick_ends_with_one_line_of_figures(capsys):
    alarms.main(["--quick"])
    (line,) = capsys.readouterr().out.splitlines()
    (figures,) = json.loads(line).values()
    assert set(figures) >= WANTED
    assert 0 <= figures["alarms"] <= figures["nights"]
    assert all(0 <= share <= 1 for fault in figures["power"].values() for share in fault.values())


@pytest.mark.parametrize("place", range(3))
def test_a_stream_is_the_same_at_each_call_and_another_in_another_world(place):
    day = FIRST + timedelta(days=40)
    first, again, other = (streams(world)[place].day(day) for world in (0, 0, 1))
    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize("place", range(3))
def test_rows_of_a_day_depend_on_each_other(place):
    """The means of days lie much further apart than those of as many independent rows would."""
    stream = streams()[place]
    frames = [rows for _, rows in stream.days(120)]
    ratios = []
    for column in stream.numbers:
        values = [numpy.arcsinh(rows[column].drop_nulls().to_numpy()) for rows in frames]
        independent = numpy.mean([v.var() / len(v) for v in values])
        ratios.append(numpy.var([v.mean() for v in values]) / independent)
    assert max(ratios) > 3


def test_a_damaged_day_is_damaged_as_said():
    frame = streams()[1].day(date(2010, 3, 1))
    (held,) = damage.held("heat", "place", ["hill"])([frame])
    assert held.filter(pl.col("place") == "hill")["heat"].n_unique() == 1
    assert held.filter(pl.col("place") != "hill").equals(frame.filter(pl.col("place") != "hill"))
    (less,) = damage.thinner("place", "hill", 0.5)([frame])
    assert 0.3 < less.filter(pl.col("place") == "hill").height / frame.filter(pl.col("place") == "hill").height < 0.7
