"""The book of promotions: which version was in Production when, and how it came there."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from ml.ledger import book
from ml.ledger.book import Book, columns, newest, record
from ml.ledger.chain import append, turn
from ml.ledger.tables import promotions, settlements
from ml.ledger.types import utc_now
from ml.records import Promotion


class Promotions(Book):
    """Append-only and chained, also across a rollback: the same version may enter Production twice.

    A row is written before the registry is touched, and a settlement after it: the newest row without one belongs to a
    process that was killed between the two, and not to somebody outside.
    """

    def record_promotion(self, promotion: Promotion) -> Promotion:
        """Keep a promotion and give the one that stands: after a rerun that is the first, as a version that is in
        Production does not enter it again. The caller holds the pipeline's promotion lock.
        """
        with self.database.writing() as connection:
            turn(connection, promotions)
            last = newest(connection, promotions, pipeline=promotion.pipeline)
            if last is not None and last["version"] == promotion.version:
                return record(Promotion, last)
            append(connection, promotions, columns(promotion))
            return promotion

    def record_outside(self, rows: Sequence[Promotion]) -> None:
        """Keep what came from outside, with what put it back if it was: all rows, or after a crash none.

        The caller holds the pipeline's promotion lock.
        """
        with self.database.writing() as connection:
            for row in rows:
                append(connection, promotions, columns(row))

    def promotions(self, pipeline: str) -> list[Promotion]:
        """All promotions, oldest first."""
        query = sa.select(promotions).filter_by(pipeline=pipeline).order_by(promotions.c.id)
        return [record(Promotion, row) for row in self._rows(query)]

    def in_production(self, pipeline: str) -> Promotion | None:
        """The newest row: what is in Production as far as Nightshift knows; None before the first."""
        with self.database.reading() as connection:
            row = newest(connection, promotions, pipeline=pipeline)
            return record(Promotion, row) if row is not None else None

    def settled(self, pipeline: str) -> bool:
        """Whether the registry was brought to the newest row; True when there is none."""
        with self.database.reading() as connection:
            row = newest(connection, promotions, pipeline=pipeline)
            return row is None or newest(connection, settlements, promotion=row["id"]) is not None

    def record_settlement(self, pipeline: str) -> None:
        """Keep that the registry is as the newest row says; the caller holds the pipeline's promotion lock."""
        with self.database.writing() as connection:
            row = newest(connection, promotions, pipeline=pipeline)
            if row is not None and newest(connection, settlements, promotion=row["id"]) is None:
                of = {"pipeline": pipeline, "day": row["day"], "promotion": row["id"]}
                book.append(connection, settlements, of | {"at": utc_now()})

    def production_at(self, pipeline: str, at: datetime) -> Promotion | None:
        """The promotion whose version was in Production at ``at`` (aware); None before the first."""
        query = sa.select(promotions).filter_by(pipeline=pipeline).where(promotions.c.at <= at)
        rows = self._rows(query.order_by(promotions.c.at.desc(), promotions.c.id.desc()).limit(1))
        return record(Promotion, rows[0]) if rows else None
