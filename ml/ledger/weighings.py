"""The book of weighings: what versions gave on matured days, beside others on the same rows."""

from typing import Any

import sqlalchemy as sa

from ml.ledger.book import Book, columns, record
from ml.ledger.tables import weighings
from ml.ledger.types import utc_now
from ml.records import Weighed


class Weighings(Book):
    """Append-only: a day is weighed once against each, and what that night measured stays."""

    def record_weighing(self, weighed: Weighed) -> bool:
        """Keep what a day gave; False when the day is weighed already, by whomever: the first row stays."""
        values = columns(weighed) | {"at": utc_now()}
        with self.database.writing() as connection:
            result = connection.execute(_insert(connection).values(**values).on_conflict_do_nothing())
            return result.rowcount == 1

    def weighings(self, pipeline: str) -> list[Weighed]:
        """All of a pipeline, oldest day first."""
        query = sa.select(weighings).filter_by(pipeline=pipeline).order_by(weighings.c.day, weighings.c.against)
        return [record(Weighed, row) for row in self._rows(query)]


def _insert(connection: sa.Connection) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(weighings)
