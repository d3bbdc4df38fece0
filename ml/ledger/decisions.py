"""The book of decisions: whether to retrain, and why."""

from datetime import date

import sqlalchemy as sa

from ml.ledger.book import Book, columns, newest, record
from ml.ledger.chain import append, turn
from ml.ledger.rows import DecisionRow
from ml.ledger.tables import decisions
from ml.ledger.types import utc_now
from ml.records import Decision


class Decisions(Book):
    """Append-only and chained: a decision that is taken anew is a new row."""

    def record_decision(self, decision: Decision) -> int:
        """Keep a decision; gives its number. The same one again, by the same, for the same day, keeps its number."""
        with self.database.writing() as connection:
            turn(connection, decisions)
            last = newest(connection, decisions, pipeline=decision.pipeline, day=decision.day, by=decision.by)
            if last is not None and record(Decision, last) == decision:
                return int(last["id"])
            return append(connection, decisions, columns(decision) | {"at": utc_now()})

    def decisions(self, pipeline: str, before: date | None = None) -> list[DecisionRow]:
        """All decisions, oldest first; with ``before`` those of data days strictly before it."""
        query = sa.select(decisions).filter_by(pipeline=pipeline).order_by(decisions.c.id)
        if before is not None:
            query = query.where(decisions.c.day < before)
        return [DecisionRow(row["id"], row["at"], record(Decision, row)) for row in self._rows(query)]

    def decision_number(self, decision: Decision) -> int | None:
        """The number of the newest row that holds this decision."""
        rows = self.decisions(decision.pipeline)
        return next((row.id for row in reversed(rows) if row.decision == decision), None)
