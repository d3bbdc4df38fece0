"""Estimates of what was really predicted, kept by day, beside what came true."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from ml.estimated import Terms
from ml.records import Estimated
from ml.truth import foretold
from tests.ml.truth.conftest import NIGHTS

EASY = Terms(level=0.5, labels=100, rows=20)


class Emptied:
    """The ledger, without the estimates that nights of ordinary terms kept in it."""

    def __init__(self, ledger):
        self.ledger, self.kept = ledger, []

    def __getattr__(self, name):
        return getattr(self.ledger, name)

    def record_estimate(self, found, night):
        assert found.day not in [each.day for each in self.kept]
        self.kept.append(found)
        return True

    def estimates(self, pipeline, span=None):
        return [each for each in self.kept if span is None or span.first <= each.day <= span.last]


def lived(truth, last=NIGHTS[-1]):
    """A run after all nights up to ``last`` have kept their estimates with easy terms, and what each gave."""
    place, _ = truth
    run = replace(place.run("tiny", last), workspace=replace(place, ledger=Emptied(place.ledger)))
    nights = [replace(run, day=day) for day in NIGHTS if day <= last]
    return run, [foretold.keep(night, due=1, terms=EASY) for night in nights]


def test_each_night_keeps_what_is_expected_of_its_day(truth):
    run, gave = lived(truth)
    told = foretold.told(run)
    assert [each.day for each, _ in told] == NIGHTS[1:]
    assert gave == [None, *(each for each, _ in told)]
    assert (told[-1][0].state, told[-1][0].version, told[-1][0].role) == ("estimated", 1, "batch")
    assert np.isfinite(told[-1][0].value)
    assert [foretold.came(*each) is None for each in told] == [False] * 8 + [True]


def test_days_of_which_nothing_was_kept_are_made_up_for_as_they_would_have_been(truth):
    run, _ = lived(truth)
    place, _ = truth
    late = replace(run, workspace=replace(place, ledger=Emptied(place.ledger)))
    foretold.keep(late, due=1, terms=EASY)
    assert foretold.told(late) == foretold.told(run)


def test_a_night_that_is_walked_again_keeps_nothing_more_and_gives_the_same(truth):
    run, gave = lived(truth)
    before = foretold.told(run)
    assert foretold.keep(run, due=1, terms=EASY) == gave[-1]
    assert foretold.told(run) == before


def test_what_came_true_later_is_not_known_on_an_earlier_night(truth):
    early, _ = lived(truth, NIGHTS[5])
    late, _ = lived(truth)
    assert [each for each, _ in foretold.told(early)] == [each for each, _ in foretold.told(late)][:5]
    assert foretold.told(early)[-1][0].day == NIGHTS[4] + timedelta(days=1)


def test_the_lines_tell_how_often_intervals_held_and_what_is_expected_of_young_days(truth):
    run, _ = lived(truth)
    first, *young = foretold.lines(foretold.told(run))
    assert " intervals at 0.5 held what came true" in first
    assert len(young) == 1
    assert f" on {NIGHTS[-1]}: estimated log_loss 0." in young[0]


def test_with_ordinary_terms_so_few_days_are_unknown_and_say_why(truth):
    place, nights = truth
    told = foretold.told(place.run("tiny", NIGHTS[-1]))
    assert {each.state for each, _ in told} == {"unknown"}
    assert nights[NIGHTS[-1]].estimated == told[-1][0]
    assert f"{NIGHTS[-1]}: estimated log_loss unknown, fewer than 500 labels" in list(foretold.lines(told))[-1]


def test_a_guess_that_is_not_shown_still_measures_how_far_guesses_lie_off(truth):
    run, _ = lived(truth)
    first_known = [each.state for each, _ in foretold.told(run)].index("estimated")
    guesses = [each.guess for each, _ in foretold.told(run)][:first_known]
    assert guesses[-1] is not None


def test_the_picture_has_the_intervals_of_both(truth):
    run, _ = lived(truth)
    told = foretold.told(run)
    real = [found for _, found in told if found is not None and found.interval is not None]
    [axes] = foretold.drawn(told).axes
    bars = [each for each in axes.collections if len(each.get_paths()) == 1 and each.get_label().startswith("_child")]
    assert len(real) == 8
    assert len(bars) >= 8


def test_a_page_has_the_metric_and_role_that_were_estimated_last(truth):
    place, _ = truth
    common = {"pipeline": "p", "version": 1, "state": "unknown", "level": 0.95, "rows": 1}
    ledger = Emptied(place.ledger)
    ledger.kept = [
        Estimated(**common, day=date(2013, 6, n), metric=metric) for n, metric in ((1, "brier"), (2, "log_loss"))
    ]
    assert [each.metric for each, _ in foretold.newest(ledger, "p", date(2013, 6, 2))] == ["log_loss"]
    assert foretold.newest(ledger, "p", date(2013, 5, 1)) == []
