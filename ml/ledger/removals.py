"""The book of removals: what retention took away, when and why; and what was found without an owner."""

import sqlalchemy as sa

from ml.ledger.book import Book, append, columns, newest, record
from ml.ledger.tables import removals
from ml.records import Removal


class Removals(Book):
    """Append-only. A row is written before its file goes: killed in between, the next housekeeping ends the work."""

    def record_removal(self, removal: Removal) -> Removal:
        """Keep that something goes, and give the row that stands: the newest of its kind about it, if it is not older
        than ``removal.since``, from when on it could have been there again.
        """
        with self.database.writing() as connection:
            last = newest(connection, removals, pipeline=removal.pipeline, kind=removal.kind, what=removal.what)
            if last is not None and last["at"] >= removal.since:
                return record(Removal, last)
            append(connection, removals, columns(removal))
            return removal

    def removals(self, pipeline: str, kind: str | None = None) -> list[Removal]:
        """All removals, oldest first; with ``kind`` those of one kind."""
        query = sa.select(removals).filter_by(pipeline=pipeline).order_by(removals.c.id)
        return [record(Removal, row) for row in self._rows(query if kind is None else query.filter_by(kind=kind))]

    def removal(self, what: str) -> Removal | None:
        """The newest removal of a file of the lake, a model or a version; None when it never was removed."""
        query = sa.select(removals).filter_by(what=what).where(removals.c.kind != "noticed")
        rows = self._rows(query.order_by(removals.c.id.desc()).limit(1))
        return record(Removal, rows[0]) if rows else None
