"""What the mails say: the first line tells what happened, why, and what to do; the rest is the evidence."""

from ml.messages.drift import drift_alert
from ml.messages.exhibit import Exhibit
from ml.messages.letter import Links
from ml.messages.night import of_night
from ml.messages.quarantine import (
    mended_alert,
    mended_key,
    quarantine_alert,
    refused_alert,
    set_aside_key,
)
from ml.messages.result import result_alert

__all__ = [
    "Exhibit",
    "Links",
    "drift_alert",
    "mended_alert",
    "mended_key",
    "of_night",
    "quarantine_alert",
    "refused_alert",
    "result_alert",
    "set_aside_key",
]
