"""A drift check as a table: what drifted, what came nearest to it, and the rest folded away."""

from collections.abc import Sequence

from ml import page
from ml.drift.methods import reached
from ml.messages.drift import ordered
from ml.records import ColumnDrift, DriftReport

NEAREST = 8
HEAD = ("check", "method", "score", "threshold", "reached", "")


def drift_table(report: DriftReport) -> str:
    """The checks of a report as HTML, the furthest first."""
    checks = ordered(report)
    shown = max(NEAREST, len(report.drifted) + 2)
    rest = checks[shown:]
    more = page.folded(f"{len(rest)} more that went less far", _table(rest)) if rest else ""
    return _table(checks[:shown]) + more


def _table(checks: Sequence[ColumnDrift]) -> str:
    return page.table(HEAD, map(_row, checks), numbers=(2, 3, 4))


def _row(column: ColumnDrift) -> str:
    score = "" if column.score is None else f"{column.score:.4g}"
    limit = "" if column.threshold is None else f"{column.threshold:.4g}"
    strength = reached(column.method, column.score, column.threshold)
    far = "" if strength is None else f"{min(strength, 99):.0%}"
    verdict = "drifted" if column.drifted else "quiet"
    said = f"{verdict}: {column.problem}" if column.problem else verdict
    return page.row(column.column, column.method, score, limit, far, said, numbers=(2, 3, 4), kind=verdict)
