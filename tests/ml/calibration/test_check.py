from datetime import date, timedelta

import numpy
import pytest

from ml.calibration.check import Quiet, Rule, blocks, calibrate, held_out, interval, promise, strangest
from ml.calibration.tails import Scale

DAYS = [date(2013, 1, 1) + timedelta(days=n) for n in range(300)]


def quiet(seed=0, columns=12, days=DAYS, together=0.6) -> Quiet:
    """Log-normal scores whose columns and neighbouring nights depend on each other."""
    rng = numpy.random.default_rng(seed)
    common = numpy.convolve(rng.normal(size=len(days) + 2), [0.6, 0.6, 0.6])[1 : len(days) + 1]
    own = rng.normal(size=(columns, len(days)))
    scores = {f"c{n}": numpy.exp(together * common + own[n]) for n in range(columns)}
    return Quiet(days, scores, {name: Scale() for name in scores})


@pytest.mark.parametrize(
    ("rule", "together"), [(Rule(), 0.0), (Rule(), 2.0), (Rule(at_least=3), 0.6), (Rule(nights=2), 0.6)]
)
def test_the_whole_check_alarms_as_often_as_asked_on_nights_it_never_saw(rule, together) -> None:
    asked, alarms, nights = 1 / 30, 0, 0
    for seed in range(8):
        known, new = quiet(seed, together=together), quiet(seed + 100, together=together)
        fitted = calibrate(known, asked, rule)
        alarms += int((new.strangest(fitted.tails, rule) <= fitted.level).sum())
        nights += len(new.days)
    assert 0.5 * asked < alarms / nights < 1.7 * asked


def test_left_out_blocks_tell_the_same_rate() -> None:
    found = [held_out(quiet(seed), 1 / 30, Rule()) for seed in range(6)]
    assert {one.nights for one in found} == {300}
    assert 0.4 / 30 < sum(one.alarms for one in found) / 1800 < 1.8 / 30


def test_each_fold_sees_every_season_in_whole_fortnights() -> None:
    fold = blocks(DAYS)
    assert set(fold[:70]) == set(fold[-70:]) == {0, 1, 2, 3, 4}
    assert all(fold[n] == fold[n + 1] for n in range(299) if DAYS[n + 1].toordinal() % 14)


def test_the_nth_strangest_column_decides_and_only_when_it_lasts() -> None:
    rare = numpy.array([[0.01, 0.5], [0.02, 0.03], [0.9, 0.04]])
    assert strangest(rare, Rule()).tolist() == [0.01, 0.02, 0.04]
    assert strangest(rare, Rule(at_least=2)).tolist() == [0.5, 0.03, 0.9]
    assert strangest(rare, Rule(nights=2)).tolist() == [1.0, 0.02, 0.04]


def test_a_threshold_of_the_owners_counts_in_the_rate() -> None:
    known = quiet()
    owner = numpy.zeros((300, 1), dtype=bool)
    owner[::40] = True
    free, bound = (
        calibrate(known, 1 / 30, Rule()),
        calibrate(Quiet(DAYS, known.scores, known.scales, owner), 1 / 30, Rule()),
    )
    assert bound.level < free.level


def test_the_interval_is_the_exact_one() -> None:
    assert interval(3, 100) == pytest.approx((0.00623, 0.08518), abs=1e-4)
    assert interval(0, 0) == (0.0, 1.0)


def test_what_so_few_nights_cannot_promise_is_said() -> None:
    assert promise(60, 90).startswith("60 quiet nights support at most 1 false alarm per 30 days;")
    assert promise(300, 90) == "300 quiet nights support 1 false alarm per 90 days"
