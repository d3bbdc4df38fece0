import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.suggestion import numbers


def test_the_examples_of_the_module_are_so():
    assert doctest.testmod(numbers).failed == 0
    assert doctest.testmod(numbers).attempted >= 4


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(1, 8500, (0, 11000)), (-157.9, -68.8, (-190, -40)), (3, 3, (2, 4)), (0, 0, (-0.5, 0.5)), (-9, -0.1, (-12, 0))],
)
def test_bounds_are_round(low, high, wanted):
    assert numbers.bounds(low, high) == wanted


finite = st.floats(-1e9, 1e9).map(lambda x: round(x, 3))


@given(one=finite, other=finite)
def test_bounds_hold_what_was_seen(one, other):
    low, high = sorted((one, other))
    least, most = numbers.bounds(low, high)
    assert least <= low + 1e-6
    assert most >= high - 1e-6


@given(value=st.floats(0.001, 1e9))
def test_above_is_above_and_below_is_below(value):
    assert value <= numbers.above(value) * (1 + 1e-6) <= value * 2.01
    assert numbers.below(value) <= value


@given(worst=st.floats(0, 1))
def test_a_share_is_larger_than_the_worst_and_at_most_one(worst):
    assert worst < numbers.share(worst) + 1e-9 <= 1 + 1e-6
