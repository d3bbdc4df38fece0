"""The book of promotions: which version was in Production when."""

from datetime import datetime

import sqlalchemy as sa

from ml.ledger.book import Book, columns, newest, record
from ml.ledger.chain import append, turn
from ml.ledger.tables import promotions
from ml.records import Promotion


class Promotions(Book):
    """Append-only and chained, also across a rollback: the same version may enter Production twice."""

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

    def promotions(self, pipeline: str) -> list[Promotion]:
        """All promotions, oldest first."""
        query = sa.select(promotions).filter_by(pipeline=pipeline).order_by(promotions.c.id)
        return [record(Promotion, row) for row in self._rows(query)]

    def production_at(self, pipeline: str, at: datetime) -> Promotion | None:
        """The promotion whose version was in Production at ``at`` (aware); None before the first."""
        query = sa.select(promotions).filter_by(pipeline=pipeline).where(promotions.c.at <= at)
        rows = self._rows(query.order_by(promotions.c.at.desc(), promotions.c.id.desc()).limit(1))
        return record(Promotion, rows[0]) if rows else None
