import numpy
import pytest

from ml.gates import Slices


def worse_in(town):
    return lambda odds, frame: numpy.where(frame["town"] == town, -odds, odds)


def test_a_slice_that_pays_is_named_with_its_loss(trial, found):
    finding = found(Slices(search=False), trial(worse_in("Celle")))
    assert not finding.passed
    assert "rows with town Celle on 10,234 held-out rows" in finding.sentence
    assert finding.sentence.startswith("the challenger is worse than the champion by ")
    assert "of 3 slices, by chance in" in finding.sentence


def test_a_slice_is_found_in_features_that_nobody_declared(trial, found):
    finding = found(Slices(), trial(lambda odds, frame: numpy.where(frame["at"].dt.hour >= 20, -odds, odds)))
    assert not finding.passed
    assert "at from 20 to 24 o'clock" in finding.sentence


def test_an_equal_challenger_has_no_worst_slice(trial, found):
    finding = found(Slices(), trial())
    assert finding.passed
    assert finding.sentence.startswith("no slice is shown to be worse by more than 5%")


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_no_slice(trial, found, seed):
    def shaken(odds, frame):
        return odds + numpy.random.default_rng(seed).normal(0, 0.3, len(odds))

    assert found(Slices(), trial(shaken)).passed


def test_one_bad_day_is_not_shown_to_be_a_slice(trial, found):
    def storm(odds, frame):
        return numpy.where(frame["at"].dt.day == 25, -odds, odds)

    assert found(Slices(), trial(storm)).passed


def test_without_a_champion_the_baseline_is_the_measure(trial, found):
    finding = found(Slices(search=False), trial(worse_in("Celle"), champion=False))
    assert not finding.passed
    assert "worse than the baseline" in finding.sentence


def test_what_is_no_number_is_named_with_its_slice(trial, found):
    finding = found(Slices(), trial(lambda odds, frame: numpy.where(frame["town"] == "Bonn", numpy.nan, odds)))
    assert not finding.passed
    assert "predictions of the challenger are not finite" in finding.sentence
    assert finding.sentence.endswith("rows of town Bonn")


def test_nothing_to_compare_is_said_and_does_not_pass(trial, found):
    finding = found(Slices(search=False, min_rows=5000), trial())
    assert not finding.passed
    assert "no slice has 5000 rows" in finding.sentence


def test_a_regression_is_compared_by_squared_errors(trial, found):
    regression = trial(worse_in("Celle"), task="regression")
    assert "town Celle" in found(Slices(search=False), regression).sentence


def test_of_slices_that_are_clearly_worse_the_one_that_loses_most_is_named(trial, found):
    def worse(odds, frame):
        return odds + numpy.where(frame["town"] == "Celle", 4.0, numpy.where(frame["town"] == "Bonn", 1.5, 0.0))

    finding = found(Slices(search=False), trial(worse))
    assert "rows with town Celle, and in 1 more slices" in finding.sentence


def harm(trial, challenger):
    return [m for m in Slices().measure(trial(challenger)) if m.name == "share of the harm"]


def test_where_most_of_the_added_loss_lies_is_measured_though_it_is_not_shown(trial):
    """Few days, and no two alike: nothing is shown, but there is one place to look."""

    def wrong_at_night(odds, frame):
        days = frame["at"].dt.day
        return numpy.where((frame["at"].dt.hour >= 20) & (days % 3 == 0), -odds, odds)

    (found,) = harm(trial, wrong_at_night)
    assert found.of == "at from 20 to 24 o'clock"
    assert found.value > 0.9
    assert found.note.startswith("100% of the loss that it adds lies in ")
    assert found.note.endswith("with at from 20 to 24 o'clock")


@pytest.mark.parametrize("by", [1.5, 0.0])
def test_harm_that_lies_everywhere_or_nowhere_has_no_place(trial, by):
    assert harm(trial, lambda odds, frame: odds + by) == []
