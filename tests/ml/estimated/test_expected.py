"""The expected metric is the mean of the metric over all labels that could come, each by its chance."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.estimated.expected import EXPECTED
from ml.metrics import METRICS, compute

CHANCE = st.floats(0.05, 0.95)


@pytest.mark.parametrize("metric", ["log_loss", "brier", "accuracy"])
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(CHANCE, CHANCE), min_size=1, max_size=5))
def test_it_is_the_mean_over_everything_that_can_happen(metric, rows):
    scores, chances = (np.array(side) for side in zip(*rows, strict=True))
    every = 0.0
    for labels in product([0, 1], repeat=len(rows)):
        y = np.array(labels)
        weight = np.prod(np.where(y == 1, chances, 1 - chances))
        every += weight * compute("classification", y, scores)[metric]
    assert EXPECTED[metric](scores, chances) == pytest.approx(every)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.3, 0.7, 0.9]), CHANCE), min_size=2, max_size=30))
def test_the_area_weighs_each_pair_by_its_chance(rows):
    scores, chances = (np.array(side) for side in zip(*rows, strict=True))
    right = pairs = 0.0
    for i, j in product(range(len(rows)), repeat=2):
        if i != j:
            weight = chances[i] * (1 - chances[j])
            pairs += weight
            right += weight * ((scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j]))
    assert EXPECTED["roc_auc"](scores, chances) == pytest.approx(right / pairs)


def test_chances_of_0_and_1_give_the_metrics_themselves():
    rng = np.random.default_rng(0)
    scores, y = rng.random(300).round(2), rng.integers(0, 2, 300)
    real = compute("classification", y, scores)
    for name, expected in EXPECTED.items():
        assert expected(scores, y.astype(float)) == pytest.approx(real[name]), name
        assert METRICS[name].task == "classification"
