"""The study of tryouts: its lives are those it says, and its rule is the tryout's own."""

from datetime import date, timedelta

import numpy as np
import pytest

from ml.records import DayGap
from ml.tryouts.rule import of_days
from studies import canary
from tests.ml.tryouts.conftest import tryout


def test_it_stops_on_the_night_on_which_the_tryout_would() -> None:
    days = np.random.default_rng(1).normal(0.6, 1, (30, 20))
    nights = canary.stops(days, 0.05)
    assert 5 < np.isfinite(nights).sum() < 30
    for life, night in zip(days, nights, strict=True):
        gaps = [DayGap(day=date(2026, 1, 1) + timedelta(n), worse_by=gap, rows=10) for n, gap in enumerate(life)]
        passed = [of_days(tryout(), gaps[: n + 1]).passed for n in range(1, 20)]
        assert (passed.index(False) + 2 if False in passed else np.inf) == night


def test_a_life_is_made_of_whole_weeks_of_the_days() -> None:
    lives = canary.drawn(np.arange(100), 50, 14, np.random.default_rng(0))
    steps = np.diff(lives, axis=1) % 100
    assert (np.delete(steps, 6, axis=1) == 1).all()


@pytest.mark.parametrize("kind", ["normal", "correlated by 0.5", "t of 3", "many small losses"])
def test_days_that_are_made_up_have_no_mean(kind) -> None:
    days = canary.made_up(kind, 4000, 7, np.random.default_rng(0))
    assert abs(days.mean()) < 0.06


def test_a_rate_at_the_limit_seldom_loses_its_bet() -> None:
    assert canary.bets(0.05, 500, 200, np.random.default_rng(0)) <= 0.05
