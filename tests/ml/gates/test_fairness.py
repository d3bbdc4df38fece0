import numpy
import pytest

from ml.gates import Fairness


def favours(town, by=3):
    return lambda odds, frame: odds + by * (frame["town"] == town).to_numpy()


@pytest.mark.parametrize("rate", ["demographic_parity", "equal_opportunity", "equalized_odds", "loss"])
def test_a_group_that_is_treated_differently_is_named(trial, found, rate):
    finding = found(Fairness(rate=rate, limit=0.15), trial(favours("Bonn")))
    assert not finding.passed
    assert "rate of town Bonn is 0." in finding.sentence
    assert finding.sentence.endswith("at most 0.15 is allowed")


def test_what_is_alike_passes(trial, found):
    same = trial(lambda odds, frame: frame["size"].to_numpy())
    assert found(Fairness(rate="demographic_parity"), same).passed


def test_a_gap_that_the_champion_has_too_may_be_allowed(trial, found):
    both = trial(lambda odds, frame: odds)
    gate = Fairness(rate="demographic_parity", limit=0.02)
    assert not found(gate, both).passed
    assert found(gate.model_copy(update={"than": "champion"}), both).passed
    wider = found(gate.model_copy(update={"than": "champion"}), trial(favours("Celle")))
    assert not wider.passed
    assert "wider than the champion's" in wider.sentence


def test_a_gap_of_one_day_is_not_shown(trial, found):
    def once(odds, frame):
        return odds + 4 * ((frame["town"] == "Bonn") & (frame["at"].dt.day == 22)).to_numpy()

    assert found(Fairness(rate="equal_opportunity", limit=0.2), trial(once)).passed


def test_groups_that_are_too_small_to_compare_do_not_pass_silently(trial, found):
    finding = found(Fairness(min_rows=2000), trial())
    assert not finding.passed
    assert "no group of evaluation.slices has 2000 rows" in finding.sentence


def test_the_attributes_are_those_that_are_declared(trial):
    t = trial()
    t = trial(newest=t.newest.assign(sex=numpy.where(t.newest.index % 2, "f", "m")), slices=())
    told = Fairness(attributes=("sex",), rate="equal_opportunity").measure(t)
    assert {m.of for m in told if m.of} == {"true positive rate of sex f", "true positive rate of sex m"}


def test_a_regression_has_errors_only(trial):
    told = Fairness().measure(trial(task="regression"))
    assert {m.of.split(" of ")[0] for m in told if m.of} == {"loss rate"}
