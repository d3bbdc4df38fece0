"""The attempts at steps against the books: what a step gave back is what the books hold."""

from dataclasses import dataclass
from datetime import date

from ml.audit.chains import RESTORE
from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.scope import Scope
from ml.records import Decision, Promotion, Record, from_json

STEPS = ("decide", "request", "promote", "rollback")


@dataclass(frozen=True)
class _Made:
    step: str
    day: date
    record: Record


def attempts(scope: Scope) -> Checked:
    """Every decision and promotion that a step gave back is a row of its book."""
    rows = scope.place.ledger.step_rows(scope.pipeline)
    made = [_Made(row.step, row.day, from_json(row.output)) for row in rows if row.step in STEPS and row.output]
    known = [*scope.promotions, *(row.decision for row in scope.place.ledger.decisions(scope.pipeline))]
    said = f"{len(made):,} decisions and promotions that steps gave back are in the books"
    return Checked("attempts", said, tuple(_lost(scope, one) for one in made if one.record not in known))


def _lost(scope: Scope, made: _Made) -> Discrepancy:
    record = made.record
    book, what = ("promotions", f"version {record.version}") if isinstance(record, Promotion) else _decided(record)
    said = f"{scope.pipeline} {made.day}: {made.step} gave back {what}, but {book} has no such row"
    return Discrepancy(said, RESTORE)


def _decided(record: Record) -> tuple[str, str]:
    retrain = isinstance(record, Decision) and record.retrain
    return "decisions", "the decision to retrain" if retrain else "the decision not to retrain"
