from datetime import date, timedelta

import numpy as np
import pytest

from ml.estimated.reach import Miss, needed, reach

FIRST = date(2013, 1, 1)


def misses(values):
    return [Miss(FIRST + timedelta(days=n), 0.0, value) for n, value in enumerate(values)]


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_below_so_many_days_there_is_no_interval(level):
    days = misses(np.random.default_rng(0).normal(size=needed(level)))
    assert reach(days, level) is not None
    assert reach(days[1:], level) is None


@pytest.mark.parametrize(("level", "delay"), [(0.9, 1), (0.95, 14)])
def test_in_most_years_of_their_own_the_next_days_are_held_at_the_level(level, delay):
    held = []
    for seed in range(40):
        values = np.random.default_rng(seed).standard_t(4, size=140)
        far = reach(misses(values[:100]), level, delay)
        held.append((abs(np.random.default_rng(1000 + seed).standard_t(4, size=2000)) <= far).mean())
    assert np.mean(np.array(held) >= level) >= 0.7
    assert np.mean(held) < 0.995


def test_after_days_that_were_missed_it_reaches_farther():
    quiet = list(np.random.default_rng(0).normal(size=200))
    loud = [*quiet[:-20], *(3.0 * v for v in quiet[-20:])]
    assert reach(misses(loud), 0.9) > reach(misses(quiet), 0.9)
