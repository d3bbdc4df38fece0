"""The study of diagnoses: its worlds are what they claim to be, and its figures count what they say."""

import numpy as np
import polars as pl
import pytest

from studies import diagnosis, rivers
from studies.diagnosis import Night, Outcome, figures, let_in
from studies.episodes import DAMAGED, Episode, episodes
from studies.worlds import REFERENCE, of_river

DAYS = 170


@pytest.fixture(scope="module")
def mixed():
    """A short year of one of River's generators, with the contract of the year before."""
    patch = pytest.MonkeyPatch()
    patch.setattr(rivers, "DAYS", DAYS + REFERENCE)
    patch.setattr(rivers, "DAYS_BEFORE", 40)
    world = of_river("mixed")
    assert len(world.days) > DAYS
    yield world
    patch.undo()


def test_rows_of_a_day_lean_one_way_together(mixed):
    """The means of days lie further apart than those of as many independent rows would."""
    frames = [mixed.accepted[day] for day in mixed.days]
    ratios = []
    for column in ("x", "y"):
        means = np.array([rows[column].mean() for rows in frames])
        ratios.append(means.var() / np.mean([rows[column].var() / rows.height for rows in frames]))
    assert max(ratios) > 3


def test_another_function_answers_otherwise_on_days_of_the_same_state(mixed):
    day = mixed.days[50]
    rows = mixed.accepted[day]
    other = mixed.concept(rows, np.random.default_rng(0))
    assert other["at"].dt.date().unique().to_list() == [day]
    assert abs(other["x"].mean() - rows["x"].mean()) < 0.1
    inside = (pl.col("valve") == "v1") & (pl.col("gate") == "g1")
    assert rows.filter(inside)["label"].mean() == 0
    assert other.filter(inside)["label"].mean() == 1


def test_a_fault_that_the_contract_sees_never_reaches_a_diagnosis(mixed):
    day = mixed.days[60]
    rows = mixed.parts[day]["mixed"].with_columns(pl.lit(False).alias(DAMAGED))
    spiked = rows.with_columns(
        pl.when(pl.int_range(pl.len()) < 3).then(99.0).otherwise("x").alias("x"),
        (pl.int_range(pl.len()) < 3).alias(DAMAGED),
    )
    episode = Episode(mixed, "data fault", "three spikes", 60, {day: {"mixed": spiked}})
    assert let_in(episode)[0] == []
    unseen = spiked.with_columns(x=rows["x"])
    (kept,), stops = let_in(Episode(mixed, "data fault", "nobody sees it", 60, {day: {"mixed": unseen}}))
    assert (kept.height, stops) == (rows.height, [])


def test_the_same_round_has_the_same_episodes_of_every_kind(mixed):
    once, again = ([(e.kind, e.name, e.index) for e in _some(mixed)] for _ in range(2))
    assert once == again
    assert {kind for kind, _, _ in once} >= {"data fault", "mix", "concept shift"}


def _some(world):
    found = []
    for episode in episodes(world, [0]):
        found.append(episode)
        if episode.kind == "concept shift":
            return found
    return found


def test_a_fault_that_any_night_would_learn_from_is_counted():
    nights = (
        Night(1, "data fault", "", False),
        Night(2, "covariate shift", "", True),
        Night(3, "data fault", "", False),
    )
    learned = Outcome("w", "data fault", "x", 0, 3, (), 3, nights)
    stopped = Outcome("w", "data fault", "y", diagnosis.HELD[0], 1, ("too few rows",), 0, ())
    found = figures([learned, stopped])
    assert (found["episodes"], found["accuracy"], found["faults_retrained"]) == (1, 1.0, 1)
    assert (found["stopped_by_contract"], found["episodes_held"]) == (1, 0)
