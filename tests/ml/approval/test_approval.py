import doctest
import importlib
from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from ml.approval import ROSTER, ApprovalPlan, Auto, Human
from ml.approval.approval import BaseApproval, waiting_time

parsed = TypeAdapter(ApprovalPlan).validate_python


@pytest.mark.parametrize("kind", ROSTER)
def test_the_example_of_a_plan_runs(kind):
    module = importlib.import_module(kind.__module__)
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


@pytest.mark.parametrize(
    ("written", "span"),
    [("30m", timedelta(minutes=30)), ("12h", timedelta(hours=12)), ("2d", timedelta(days=2))],
)
def test_a_deadline_is_written_as_a_span(written, span):
    assert waiting_time(written) == span
    assert parsed({"kind": "human", "deadline": written}).wait == span


@pytest.mark.parametrize("written", ["soon", "0h", "2w", 12, True, "-1h"])
def test_what_is_no_span_is_refused(written):
    with pytest.raises(ValidationError, match="is no time to wait; write for example 30m, 12h or 2d"):
        parsed({"kind": "human", "deadline": written})


def test_the_kind_alone_may_stand_there():
    assert (parsed("auto"), parsed("human")) == (Auto(), Human())
    assert parsed({"kind": "human_if", "occasions": ["worse", {"kind": "slices", "margin": 0.1}]}).occasions


def test_who_is_asked_and_how_long_are_defaults_of_a_day_and_everybody():
    assert (Human().wait, Human().users) == (timedelta(days=1), ())
    assert Human(assigned_users=("ada",)).users == ("ada",)


def test_a_plan_must_say_when_it_asks():
    with pytest.raises(NotImplementedError):
        BaseApproval(kind="x").reasons(None)
