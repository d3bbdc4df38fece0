"""What the mails say: the first line tells what happened, why, and what to do; the rest is the evidence."""

from ml.messages.approval import question_alert, question_page, question_subject
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
from ml.messages.shelf import Unserved, unserved_alert
from ml.messages.stages import Outside, outside_alert, rollback_alert

__all__ = [
    "Broken",
    "Exhibit",
    "Failure",
    "Links",
    "Outside",
    "Unserved",
    "ended_alert",
    "failure_alert",
    "mended_alert",
    "mended_key",
    "moved",
    "opened_alert",
    "opened_key",
    "outside_alert",
    "quarantine_alert",
    "question_alert",
    "question_page",
    "question_subject",
    "refused_alert",
    "result_alert",
    "rollback_alert",
    "set_aside_key",
    "unserved_alert",
    "worse_alert",
]
