"""The book of drift: every comparison of current with reference days."""

from typing import Any

import sqlalchemy as sa

from ml.days import Span
from ml.ledger.book import Book, append, columns, newest
from ml.ledger.tables import drift
from ml.ledger.types import utc_now
from ml.records import DriftReport

_PAIRS = ("reference", "current")


class Drifts(Book):
    """Append-only: a comparison that comes out differently is a new row."""

    def record_drift(self, report: DriftReport) -> bool:
        """Keep a report; False when the day's newest says the same already."""
        with self.database.writing() as connection:
            last = newest(connection, drift, pipeline=report.pipeline, day=report.day)
            if last is not None and _report(last) == report:
                return False
            append(connection, drift, _columns(report) | {"at": utc_now()})
            return True

    def drift_history(self, pipeline: str, span: Span | None = None) -> list[DriftReport]:
        """The newest report of each day, oldest day first."""
        where = [drift.c.pipeline == pipeline]
        if span is not None:
            where.append(drift.c.day.between(span.first, span.last))
        last = sa.select(sa.func.max(drift.c.id)).where(*where).group_by(drift.c.day)
        return [_report(row) for row in self._rows(sa.select(drift).where(drift.c.id.in_(last)).order_by(drift.c.day))]


def _columns(report: DriftReport) -> dict[str, Any]:
    values = columns(report)
    for pair in _PAIRS:
        values[f"{pair}_first"], values[f"{pair}_last"] = values.pop(pair)
    return values


def _report(row: sa.RowMapping) -> DriftReport:
    pairs = {pair: (row[f"{pair}_first"], row[f"{pair}_last"]) for pair in _PAIRS}
    return DriftReport.model_validate(pairs | {n: row[n] for n in DriftReport.model_fields if n not in _PAIRS})
