"""What the ledger gives back where a record of its own kind is not enough."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from ml.records import Alert, Batch, Decision

Outcome = Literal["running", "done", "skipped", "failed", "lost"]


@dataclass(frozen=True)
class StepRow:
    """One attempt at one step; ``lost`` when its process ended without a word."""

    id: int
    pipeline: str
    day: date
    step: str
    attempt: int
    started: datetime
    ended: datetime | None
    outcome: Outcome
    inputs: list[dict[str, Any]]
    output: dict[str, Any] | None
    error: str | None
    code_version: str
    host: str
    pid: int
    external: dict[str, str]

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        return None if self.ended is None else (self.ended - self.started).total_seconds()


@dataclass(frozen=True)
class VerdictRow:
    """What was said of a day's rows, and when."""

    at: datetime
    batch: Batch


@dataclass(frozen=True)
class DecisionRow:
    """A decision, its number, and when it was taken."""

    id: int
    at: datetime
    decision: Decision


@dataclass(frozen=True)
class AlertRow:
    """An alert in the outbox. ``delivered`` has it already; ``failed`` needs a person before it is tried again."""

    alert: Alert
    state: Literal["pending", "sent", "failed"]
    tries: int
    delivered: tuple[str, ...]
    last_error: str | None
    at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class Sent:
    """A mail that reached people: about which day, of which kind, and when it was put into the outbox."""

    day: date
    kind: str
    at: datetime
