"""What steps hand to each other: frozen, named, small, and equal after a trip through JSON.

A record never holds data, only where the data lies and its fingerprint.
"""

from ml.records.alert import Alert
from ml.records.approval import Answer, Approval, Question
from ml.records.batch import ActKind, Batch, QuarantineAct, Seen, State, UpstreamPart, Violation
from ml.records.calibration import Calibration
from ml.records.challenger import TRYOUT, Candidate, Finding, Verdict
from ml.records.decision import Decision, Reason
from ml.records.diagnosis import Diagnosis, Sign
from ml.records.drift import ColumnDrift, DriftReport, drifted_of
from ml.records.envelope import from_json, to_json
from ml.records.evaluation import (
    Comparison,
    DayGap,
    Evaluation,
    Importance,
    Looks,
    Measurement,
    Role,
    Score,
    SliceScore,
)
from ml.records.outcome import CAME, SAID, Estimated, Looked, Matured, Outcomes, Performance, Weighed
from ml.records.prediction import Ahead, Caller, Prediction, Scored, Scorer
from ml.records.promotion import MoveKind, Promotion, RollbackRequest
from ml.records.record import Record
from ml.records.removal import Removal
from ml.records.snapshot import FeatureTable, Snapshot
from ml.records.tryout import Tryout, TryoutVerdict

__all__ = [
    "CAME",
    "SAID",
    "TRYOUT",
    "ActKind",
    "Ahead",
    "Alert",
    "Answer",
    "Approval",
    "Batch",
    "Calibration",
    "Caller",
    "Candidate",
    "ColumnDrift",
    "Comparison",
    "DayGap",
    "Decision",
    "Diagnosis",
    "DriftReport",
    "Estimated",
    "Evaluation",
    "FeatureTable",
    "Finding",
    "Importance",
    "Looked",
    "Looks",
    "Matured",
    "Measurement",
    "MoveKind",
    "Outcomes",
    "Performance",
    "Prediction",
    "Promotion",
    "QuarantineAct",
    "Question",
    "Reason",
    "Record",
    "Removal",
    "Role",
    "RollbackRequest",
    "Score",
    "Scored",
    "Scorer",
    "Seen",
    "Sign",
    "SliceScore",
    "Snapshot",
    "State",
    "Tryout",
    "TryoutVerdict",
    "UpstreamPart",
    "Verdict",
    "Violation",
    "Weighed",
    "drifted_of",
    "from_json",
    "to_json",
]
