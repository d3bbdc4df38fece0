"""Forty days of readings at three places, and the nights that look at them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy
import polars as pl
import pytest

from ml.detectors import Place
from ml.detectors.windows import nights

FIRST = date(2013, 3, 1)
PLACE = Place("at", {"heat": "numerical", "damp": "numerical", "town": "categorical"})
ANSWERED = replace(PLACE, label="late")


def rows(day: date) -> pl.DataFrame:
    """A day: every hour from 5 to 22 at each place, five rows a reading; damp follows heat."""
    rng = numpy.random.default_rng(day.toordinal())
    level = rng.normal(scale=3)
    parts = []
    for hour in range(5, 23):
        wave = level + 2 * numpy.sin(hour / 4)
        for place, town in enumerate(("Aachen", "Bonn", "Celle")):
            heat = round(20 + wave + rng.normal(), 1)
            at = datetime(day.year, day.month, day.day, hour, (hour * 13 + place * 20 + int(rng.integers(4))) % 60)
            parts += [{"at": at, "town": town, "heat": heat, "damp": 90 - 2 * heat + round(rng.normal(), 1)}] * 5
    frame = pl.DataFrame(parts)
    return frame.with_columns(late=pl.Series(rng.random(frame.height) < risk(frame)).cast(pl.Int8))


def risk(frame: pl.DataFrame) -> numpy.ndarray:
    """The hotter, the likelier late."""
    return 1 / (1 + numpy.exp(-(frame["heat"].to_numpy() - 20) / 3))


@pytest.fixture
def days() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range(40)]


@pytest.fixture
def frames(days) -> list[pl.DataFrame]:
    return [rows(day) for day in days]


@pytest.fixture
def scored(days) -> Callable:
    """The scores of a detector over all nights; ``spoil`` changes the rows of the last day."""

    def of(detector, spoil=None, place=PLACE, last=1):
        frames = [rows(day) for day in days]
        if spoil is not None:
            frames[-last:] = [spoil(frame) for frame in frames[-last:]]
        kept = [detector.summary(frame, place) for frame in frames]
        return detector.scores(days, kept, nights(days, 14, 1), 50, place)

    return of
