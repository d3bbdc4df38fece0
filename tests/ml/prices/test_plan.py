"""The section ``worth``."""

import pytest
from pydantic import ValidationError

from ml.prices import Decisions, Loss
from ml.prices.plan import WorthPlan


def test_left_out_it_measures_and_tells_no_money():
    plan = WorthPlan()
    assert (plan.value, plan.compute.per_hour, plan.people.per_hour) == (Loss(), None, None)
    assert (plan.stale, plan.rows, plan.currency) == (28, 20_000, "EUR")


def test_a_value_is_chosen_by_its_kind_and_spans_are_written_as_everywhere():
    plan = WorthPlan.model_validate(
        {"value": {"kind": "decisions", "threshold": 0.3, "false_positive": 1, "false_negative": 5}, "stale": "8w"}
    )
    assert (plan.value, plan.stale) == (Decisions(threshold=0.3, false_positive=1, false_negative=5), 56)


@pytest.mark.parametrize("given", [{"currency": "euro"}, {"stale": "0d"}, {"rows": 10}, {"value": {"kind": "luck"}}])
def test_what_it_does_not_know_is_refused(given):
    with pytest.raises(ValidationError):
        WorthPlan.model_validate(given)
