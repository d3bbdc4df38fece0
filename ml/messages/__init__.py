"""What the mails say: the first line tells what happened, why, and what to do; the rest is the evidence."""

from ml.messages.drift import drift_alert
from ml.messages.letter import Links
from ml.messages.night import of_night
from ml.messages.quarantine import quarantine_alert
from ml.messages.result import result_alert

__all__ = ["Links", "drift_alert", "of_night", "quarantine_alert", "result_alert"]
