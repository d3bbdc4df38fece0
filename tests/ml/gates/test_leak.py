import numpy
import pytest

from ml.gates import Leak


def with_leak(trial, leak):
    t = trial()
    return trial(older=t.older.assign(size=leak(t.older)), newest=t.newest.assign(size=leak(t.newest)))


def test_honest_features_pass_and_the_most_telling_is_named(trial, found):
    finding = found(Leak(), trial())
    assert finding.passed
    assert finding.sentence.startswith("size alone tells the label")


def test_a_feature_that_is_the_outcome_is_named(trial, found):
    noise = numpy.random.default_rng(0)
    finding = found(Leak(), with_leak(trial, lambda rows: rows["late"] + noise.normal(0, 0.2, len(rows))))
    assert not finding.passed
    assert finding.sentence.startswith("a feature leaks: size alone tells the label")


def test_a_text_that_is_the_outcome_is_named(trial, found):
    finding = found(Leak(), with_leak(trial, lambda rows: rows["late"].map({0: "on time", 1: "late"})))
    assert finding.sentence.startswith("a feature leaks: size alone tells the label")


def test_a_challenger_that_wins_half_of_the_loss_at_once_is_too_good(trial, found):
    finding = found(Leak(), trial(), challenger=0.2, champion=0.5)
    assert not finding.passed
    assert finding.sentence.startswith("it may leak: the challenger won 60% of the champion's loss at once")
    assert found(Leak(gain=0.7), trial(), challenger=0.2, champion=0.5).passed


def test_a_challenger_without_a_finite_loss_is_no_leak(trial, found):
    assert found(Leak(), trial(), challenger=numpy.nan, champion=0.5).passed


def test_the_first_model_may_be_as_good_as_it_is(trial, found):
    assert found(Leak(), trial(champion=False), challenger=0.1).passed


def test_a_regression_is_asked_by_ranks(trial):
    t = trial()
    told = Leak().measure(trial(task="regression", y=t.newest["size"].to_numpy() ** 3))
    assert (told[0].of, told[0].value) == ("size", pytest.approx(1.0))
