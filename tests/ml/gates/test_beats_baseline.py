import pytest
from pydantic import ValidationError

from ml.baselines import Rule
from ml.gates import BeatsBaseline


def test_a_challenger_that_merely_equals_the_baseline_has_learned_nothing(judged):
    sentence = BeatsBaseline().objection(judged(0.7, baseline=0.7))
    interval = "(95 % interval: better by 0.001 to worse by 0.001)"
    assert sentence.endswith(f"no difference {interval}, better by more than 0 is required")


def test_better_by_enough_passes(judged):
    assert BeatsBaseline(by=0.1).objection(judged(0.5, baseline=0.75)) is None


def test_better_by_too_little_does_not(judged):
    sentence = BeatsBaseline(by=0.5).objection(judged(0.5, baseline=0.75))
    interval = "(95 % interval: better by 0.25 to 0.25)"
    assert sentence.endswith(f"better by 0.25 {interval}, better by at least 0.5 is required")


def test_sure_asks_for_the_whole_interval(judged):
    nearly = judged(0.65, baseline=0.7)
    assert BeatsBaseline(by=0.0495).objection(nearly) is None
    assert (
        BeatsBaseline(by=0.0495, sure=True)
        .objection(nearly)
        .endswith("the whole interval better by at least 0.0495 is required")
    )
    assert BeatsBaseline(by=0.0485, sure=True).objection(nearly) is None


def test_a_baseline_that_was_not_judged_lets_nothing_pass(judged):
    sentence = BeatsBaseline(against=Rule(expr="rain > 1")).objection(judged(0.1))
    assert "the baseline (rule rain > 1)'s nan" in sentence


def test_the_kinds_of_baseline_are_written_by_name():
    parsed = BeatsBaseline.model_validate({"against": {"kind": "rule", "expr": "rain > 1"}})
    assert parsed.against == Rule(expr="rain > 1")
    with pytest.raises(ValidationError, match="simple"):
        BeatsBaseline.model_validate({"against": {"kind": "simpel"}})
