"""What the mails say: the first line tells what happened, why, and what to do; the rest is the evidence."""

from ml.messages.drift import moved
from ml.messages.episode import ended_alert, opened_alert, opened_key, worse_alert
from ml.messages.exhibit import Exhibit
from ml.messages.failure import Broken, Failure, failure_alert
from ml.messages.letter import Links
from ml.messages.quarantine import (
    mended_alert,
    mended_key,
    quarantine_alert,
    refused_alert,
    set_aside_key,
)
from ml.messages.result import result_alert

__all__ = [
    "Broken",
    "Exhibit",
    "Failure",
    "Links",
    "ended_alert",
    "failure_alert",
    "mended_alert",
    "mended_key",
    "moved",
    "opened_alert",
    "opened_key",
    "quarantine_alert",
    "refused_alert",
    "result_alert",
    "set_aside_key",
    "worse_alert",
]
