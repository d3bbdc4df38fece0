"""The book of acts: what people decided about quarantined days, who and why."""

from datetime import date

import sqlalchemy as sa

from ml.ledger import chain
from ml.ledger.book import Book, append, columns, record
from ml.ledger.tables import batches, quarantine_acts
from ml.records import Batch, QuarantineAct


class Acts(Book):
    """Append-only and chained: who thinks better of it acts once more."""

    def record_act(self, act: QuarantineAct, judged: Batch) -> None:
        """Keep what a person decided, and what that makes of the day: both, or after a crash neither."""
        with self.database.writing() as connection:
            chain.append(connection, quarantine_acts, columns(act))
            append(connection, batches, columns(judged) | {"at": act.at})

    def acts(self, pipeline: str, day: date | None = None) -> list[QuarantineAct]:
        """All acts, oldest first: about one day, or about all."""
        query = sa.select(quarantine_acts).filter_by(pipeline=pipeline).order_by(quarantine_acts.c.id)
        rows = self._rows(query if day is None else query.filter_by(day=day))
        return [record(QuarantineAct, row) for row in rows]

    def waived(self, pipeline: str) -> dict[date, frozenset[str]]:
        """The rules that people let pass, by the day on which they do."""
        found: dict[date, frozenset[str]] = {}
        for act in self.acts(pipeline):
            found[act.day] = found.get(act.day, frozenset()) | frozenset(act.rules)
        return found
