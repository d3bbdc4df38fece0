"""Which nights are worth a mail."""

from ml.messages import of_night
from ml.records import Reason


def test_of_a_quarantined_day_no_drift_is_told(batch, report, decision, links):
    assert of_night(batch, report, decision, links) is None


def test_a_drift_over_the_owners_limit_is_told(batch, report, decision, links):
    assert of_night(batch.model_copy(update={"state": "accepted"}), report, decision, links).kind == "drift"


def test_a_night_with_nothing_but_its_schedule_is_quiet(batch, report, decision, links):
    due = decision.model_copy(update={"reasons": (Reason(kind="schedule", sentence="due"),)})
    assert of_night(batch.model_copy(update={"state": "accepted"}), report, due, links) is None


def test_a_night_without_a_comparison_is_quiet(batch, decision, links):
    assert of_night(batch.model_copy(update={"state": "accepted"}), None, decision, links) is None
