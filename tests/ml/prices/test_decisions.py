"""Prices of wrong decisions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ml.prices import Decisions
from ml.records import Weighed
from ml.worth.scale import scores
from tests.ml.ledger.test_weighings import WEIGHED

ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0]), st.floats(0, 1), st.integers(0, 100).map(lambda n: n / 100)),
    min_size=1,
    max_size=30,
)


def weighed(rows):
    y, one, other = (np.array(column) for column in zip(*rows, strict=True))
    counted = scores("classification", y, one, other)
    return Weighed(**WEIGHED.model_dump() | {"rows": len(y), "weighed": len(y), "scores": counted})


def cost(rows, which, value):
    wrong = ((y, row[which] >= value.threshold) for y, row in ((row[0], row) for row in rows))
    return sum(
        value.false_positive * (acted and y == 0) + value.false_negative * (not acted and y == 1) for y, acted in wrong
    )


@given(ROWS, st.integers(1, 100))
def test_the_gain_is_what_wrong_decisions_cost_less_at_any_threshold(rows, hundredths):
    value = Decisions(threshold=hundredths / 100, false_positive=1, false_negative=5)
    expected = (cost(rows, 2, value) - cost(rows, 1, value)) / len(rows)
    assert value.gain(weighed(rows), "log_loss") == pytest.approx(expected)


def test_a_regression_has_no_decisions():
    value = Decisions(false_positive=1, false_negative=1)
    assert value.gain(WEIGHED.model_copy(update={"scores": {}}), "mae") is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"threshold": 0.125, "false_positive": 1, "false_negative": 1}, "0.125 is no whole hundredth"),
        ({"threshold": 0.0, "false_positive": 1, "false_negative": 1}, "greater than or equal to 0.01"),
        ({"false_positive": 0, "false_negative": 0}, "no decision would ever be worth anything"),
        ({"false_positive": -1, "false_negative": 1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_counted_is_refused(given, why):
    with pytest.raises(ValidationError, match=why):
        Decisions(**given)
