import numpy
import pytest

from ml.shelf.bet import Bet


def test_nothing_seen_proves_nothing():
    assert Bet(0.01).made == pytest.approx(1.0)
    assert not Bet(0.01).won(0.05)


def test_a_rate_far_above_the_limit_is_told_after_a_few_trials():
    bet = Bet(0.001)
    for _ in range(20):
        bet.add(False)
    bet.add(True)
    assert not bet.won(0.0125)
    bet.add(True)
    assert bet.won(0.0125)


def test_a_rate_at_the_limit_wins_no_oftener_than_promised_though_one_looks_each_time():
    dice = numpy.random.default_rng(0)
    wins = 0
    for _ in range(400):
        bet = Bet(0.05)
        for _ in range(300):
            bet.add(dice.random() < 0.05)
            if bet.won(0.05):
                wins += 1
                break
    assert wins <= 28  # 20 are promised at most; 28 are four standard errors above what is seen


def test_many_trials_that_ended_alike_count_at_once():
    one, many = Bet(0.05), Bet(0.05)
    for _ in range(7):
        one.add(False)
    many.add(False, 7)
    assert one.made == pytest.approx(many.made)


def test_a_long_streak_is_no_overflow():
    bet = Bet(0.001)
    bet.add(True, 100_000)
    assert bet.won(1e-9)
