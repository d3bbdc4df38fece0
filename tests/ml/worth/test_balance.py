"""Gain, cost, and what is left."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.prices import Loss
from ml.prices.plan import ComputePrice, PeoplePrice, WorthPlan
from ml.worth.balance import Balance
from ml.worth.cost import Cost
from ml.worth.entries import Entry
from tests.ml.worth.test_gain import DAY, weighed

PLAN = WorthPlan(value=Loss(per_row=2), compute=ComputePrice(per_hour=3600), people=PeoplePrice(per_hour=60))
RETRAINS = st.lists(
    st.tuples(
        st.sampled_from(["schedule", "drift", "drift + schedule"]),
        st.lists(st.tuples(st.integers(1, 200), st.floats(-1, 1)), max_size=4),
        st.integers(0, 99),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


def entry(days=(), seconds=0.0, mails=0, policy="schedule", what="promoted", previous=1, at=0):
    rows = [each.model_copy(update={"day": each.day + timedelta(days=100 * at)}) for each in weighed(days)]
    version = None if what == "not promoted" else 2
    return Entry(DAY, policy, what, version, previous, Cost(seconds, {"mail": mails}), tuple(rows))


def of(*entries, plan=PLAN):
    return Balance.of(entries, plan, "log_loss")


@given(RETRAINS)
def test_the_sum_by_policy_is_the_sum_by_promotion_is_the_sum_of_all(retrains):
    made = [entry(days, seconds, mails, policy, at=n) for n, (policy, days, seconds, mails) in enumerate(retrains)]
    by_policy = [of(*[e for e in made if e.policy == policy]) for policy in {e.policy for e in made}]
    whole = of(*made)
    for parts in (by_policy, [of(e) for e in made]):
        assert sum(part.gain.total for part in parts) == pytest.approx(whole.gain.total, abs=1e-9)
        assert sum(part.cost.money(PLAN) for part in parts) == pytest.approx(whole.cost.money(PLAN))
        assert sum(part.gain.rows for part in parts) == whole.gain.rows
    if whole.net is not None:
        assert whole.net.total == pytest.approx(whole.gain.total - whole.cost.money(PLAN))


def test_what_is_left_is_the_gain_less_seconds_and_minutes():
    found = of(entry([(100, 0.1), (100, 0.2)], seconds=7, mails=2))
    assert found.gain.total == pytest.approx(60)
    assert found.net.total == pytest.approx(60 - 7 - 4)


def test_a_refused_retrain_cost_something_and_gave_nothing():
    found = of(entry(what="not promoted", previous=None, seconds=7))
    assert (found.waits, found.net.total, found.retrains, found.promoted) == (False, -7, 1, 0)


def test_without_a_day_or_a_price_what_is_left_is_not_known():
    assert of(entry()).net is None
    assert of(entry(previous=None)).net is None
    for plan in (WorthPlan(), WorthPlan(value=Loss(per_row=2)), PLAN.model_copy(update={"value": Loss()})):
        assert of(entry([(100, 0.1)]), plan=plan).net is None
    assert of(entry()).as_json()["gain"] is None


def test_one_that_waits_beside_one_that_is_known_counts_with_its_cost():
    found = of(entry([(100, 0.1)]), entry(seconds=5, at=1))
    assert found.net.total == pytest.approx(20 - 5)
