"""A decision knows the triggers behind it."""

from datetime import date

import pytest
from pydantic import ValidationError

from ml.records import Decision, Reason


def test_a_decision_gives_the_kinds_of_its_reasons_in_their_order():
    reasons = tuple(Reason(kind=kind, sentence="so") for kind in ("drift", "schedule"))
    assert Decision(pipeline="p", day=date(2013, 1, 31), retrain=True, reasons=reasons).kinds == ("drift", "schedule")


def test_a_reason_is_one_of_the_triggers_there_are():
    with pytest.raises(ValidationError, match="on demand"):
        Reason(kind="weather", sentence="rain")
