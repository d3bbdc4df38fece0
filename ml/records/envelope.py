"""How a record crosses a border: as plain JSON that names its kind."""

from ml.records.alert import Alert
from ml.records.approval import Approval, Question
from ml.records.batch import Batch
from ml.records.calibration import Calibration
from ml.records.challenger import Candidate, Verdict
from ml.records.decision import Decision
from ml.records.diagnosis import Diagnosis
from ml.records.drift import DriftReport
from ml.records.evaluation import Evaluation
from ml.records.outcome import Matured
from ml.records.prediction import Ahead, Scored
from ml.records.promotion import Promotion, RollbackRequest
from ml.records.record import Record
from ml.records.snapshot import FeatureTable, Snapshot

_KINDS = (
    *(Batch, FeatureTable, Calibration, DriftReport, Diagnosis, Decision),
    *(Snapshot, Candidate, Evaluation, Verdict, Question, Approval, Promotion, RollbackRequest, Alert),
    *(Ahead, Scored, Matured),
)


def to_json(record: Record) -> dict[str, object]:
    """The record as plain JSON values, with its kind, so that ``from_json`` gives the same record back."""
    return {"record": type(record).__name__, **record.model_dump(mode="json")}


def from_json(value: dict[str, object]) -> Record:
    """The record that ``to_json`` wrote.

    Raises
    ------
    KeyError
        The value names no known kind of record.
    """
    kinds = {kind.__name__: kind for kind in _KINDS}
    return kinds[str(value["record"])].model_validate({k: v for k, v in value.items() if k != "record"})
