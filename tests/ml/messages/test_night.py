"""Which nights are worth a mail."""

from ml.messages import of_night
from ml.records import Reason


def test_of_a_quarantined_day_no_drift_is_told(batch, report, decision, links):
    assert of_night(batch, report, decision, links) is None


def test_an_alarm_of_the_drift_check_is_told(batch, report, decision, links):
    assert of_night(batch.model_copy(update={"state": "accepted"}), report, decision, links).kind == "drift"


def test_a_night_without_an_alarm_is_quiet_whatever_was_due(batch, report, decision, links):
    quiet = report.model_copy(update={"alarm": False})
    due = decision.model_copy(update={"reasons": (Reason(kind="schedule", sentence="due"),)})
    assert of_night(batch.model_copy(update={"state": "accepted"}), quiet, due, links) is None


def test_an_alarm_is_told_also_where_it_retrains_nothing(batch, report, decision, links):
    due = decision.model_copy(update={"retrain": False, "reasons": ()})
    assert of_night(batch.model_copy(update={"state": "accepted"}), report, due, links).kind == "drift"


def test_a_night_without_a_comparison_is_quiet(batch, decision, links):
    assert of_night(batch.model_copy(update={"state": "accepted"}), None, decision, links) is None
