"""How often a caller may ask."""

import pytest

from ml.serving.rates import Rates
from ml.serving.refusals import Refused


@pytest.fixture
def clock():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    return Clock()


def taken(rates, whose, rate, times):
    given = 0
    for _ in range(times):
        try:
            rates.take(whose, rate)
            given += 1
        except Refused:
            pass
    return given


def test_twice_the_rate_at_once_then_the_rate(clock):
    rates = Rates(clock)
    assert taken(rates, "a", 10, 100) == 20
    clock.now = 3.0
    assert taken(rates, "a", 10, 100) == 20
    clock.now = 3.5
    assert taken(rates, "a", 10, 100) == 5


def test_callers_do_not_wait_for_each_other(clock):
    rates = Rates(clock)
    assert [taken(rates, whose, 5, 100) for whose in "ab"] == [10, 10]


def test_who_asks_too_often_hears_when_to_come_again(clock):
    rates = Rates(clock)
    taken(rates, "a", 0.1, 1)
    with pytest.raises(Refused) as refused:
        rates.take("a", 0.1)
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "10"})


def test_without_a_rate_nothing_is_counted(clock):
    assert taken(Rates(clock), "a", None, 1000) == 1000
