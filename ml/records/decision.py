"""Whether to retrain, and why."""

from datetime import date
from typing import Literal

from ml.records.record import Record


class Reason(Record):
    """Why a retrain is (or would be) right: ``kind`` is the trigger, ``sentence`` carries the numbers."""

    kind: Literal["first model", "schedule", "new data", "drift", "performance", "on demand"]
    sentence: str


class Decision(Record):
    """Whether to retrain after a data day, with every reason for it, and every reason that held it back."""

    pipeline: str
    day: date
    retrain: bool
    reasons: tuple[Reason, ...] = ()
    against: tuple[str, ...] = ()
    window: int | None = None
    dry_run: bool = False
    by: str = "nightshift"

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(reason.kind for reason in self.reasons)
