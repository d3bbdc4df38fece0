from ml.gates import BeatsBaseline


def test_a_challenger_that_merely_equals_the_baseline_has_learned_nothing(judged):
    assert BeatsBaseline().objection(judged(0.7, baseline=0.7)).endswith("better by 0, more than 0 is required")


def test_better_by_enough_passes(judged):
    assert BeatsBaseline(by=0.1).objection(judged(0.5, baseline=0.75)) is None


def test_better_by_too_little_does_not(judged):
    sentence = BeatsBaseline(by=0.5).objection(judged(0.5, baseline=0.75))
    assert sentence.endswith("better by 0.25, at least 0.5 is required")
