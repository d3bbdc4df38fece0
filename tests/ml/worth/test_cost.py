"""Machines and people."""

import pytest

from ml.prices.plan import ComputePrice, Minutes, PeoplePrice, WorthPlan
from ml.worth.cost import ACTS, Cost

PRICED = WorthPlan(compute=ComputePrice(per_hour=2), people=PeoplePrice(per_hour=60, minutes=Minutes(mail=3)))


def test_costs_add_up_second_by_second_and_act_by_act():
    one, other = Cost(10, {"mail": 1}), Cost(5, {"mail": 2, "approval": 1})
    assert one + other == other + one == Cost(15, {"mail": 3, "approval": 1})
    assert sum([one, other], Cost()) == one + other


def test_minutes_are_the_owners_for_each_act():
    assert Cost(0, dict.fromkeys(ACTS, 1)).minutes(WorthPlan()) == 10 + 2 + 15 + 15
    assert Cost(0, {"mail": 2}).minutes(PRICED) == 6


def test_money_needs_both_prices():
    assert Cost(1800, {"mail": 2}).money(PRICED) == pytest.approx(1 + 6)
    for half in ({"compute": PRICED.compute}, {"people": PRICED.people}):
        assert Cost(1800).money(WorthPlan(**half)) is None


def test_without_prices_it_is_told_in_hours_and_minutes():
    assert Cost(84, {"mail": 2}).told(WorthPlan()) == "84 s of compute and 4 minutes of people"
    assert Cost(5400).told(WorthPlan()) == "1.5 h of compute and 0 minutes of people"
