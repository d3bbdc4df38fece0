"""Estimates of what was really predicted, beside what came true."""

from datetime import timedelta

import numpy as np
import pytest

from ml.estimated import Terms
from ml.estimated.picture import picture
from ml.truth import foretold
from tests.ml.truth.conftest import NIGHTS

EASY = Terms(level=0.5, labels=100, rows=20)


def test_each_day_that_was_predicted_has_an_estimate_and_once_its_labels_are_due_what_came_true(truth):
    place, _ = truth
    told = foretold.of(place.run("tiny", NIGHTS[-1]), EASY)
    assert [each.day for each, _ in told] == NIGHTS[1:]
    assert [real is None for _, real in told] == [False] * 8 + [True]
    whole = [p for p in place.ledger.performance("tiny") if p.first == p.day and p.column is None]
    known = {p.day: p.metrics["log_loss"] for p in whole if p.realised is not None}
    assert [real for _, real in told[:-1]] == [pytest.approx(known[each.day]) for each, _ in told[:-1]]
    assert told[-1][0].state == "estimated"
    assert np.isfinite(told[-1][0].value)
    assert picture(told).axes


def test_the_lines_tell_how_often_intervals_held_and_what_is_expected_of_young_days(truth):
    place, _ = truth
    first, *young = foretold.lines(foretold.of(place.run("tiny", NIGHTS[-1]), EASY))
    assert " intervals at 0.5 held what came true" in first
    assert [line.split()[0] for line in young] == [str(NIGHTS[-1])]
    assert " estimated log_loss 0." in young[0]


def test_with_ordinary_terms_so_few_days_are_unknown_and_say_why(truth):
    place, _ = truth
    told = foretold.of(place.run("tiny", NIGHTS[-1]))
    assert {each.state for each, _ in told} == {"unknown"}
    said = list(foretold.lines(told))
    assert said[-1].startswith(f"    {NIGHTS[-1]}  estimated log_loss unknown: ")


def test_what_came_true_later_is_not_known_on_an_earlier_night(truth):
    place, _ = truth
    early = foretold.of(place.run("tiny", NIGHTS[5]), EASY)
    late = foretold.of(place.run("tiny", NIGHTS[-1]), EASY)
    assert [each for each, _ in early] == [each for each, _ in late[: len(early)]]
    assert early[-1][1] is None
    assert early[-1][0].day == NIGHTS[4] + timedelta(days=1)
