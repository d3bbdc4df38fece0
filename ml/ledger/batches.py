"""The book of batches: what was pulled, accepted and quarantined, day by day; a change is a new row."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from ml.days import Span
from ml.ledger.book import Book, columns, record
from ml.ledger.tables import batches
from ml.ledger.types import storable, utc_now
from ml.records import Batch, State

VERDICTS = ("accepted", "quarantined")
_Kind = tuple[str, date, bool]


class Batches(Book):
    """Which rows a data day has, and what the contract said of them."""

    def record_batches(self, found: Iterable[Batch]) -> int:
        """Append what is new, in one statement; gives how many rows that were.

        A pulled batch is new when it differs from the day's newest pull, a verdict when it differs from the day's
        newest verdict: so a day that goes back to older content gets a row again, and a rerun gets none.
        """
        found = list(found)
        with self.database.writing() as connection:
            known: dict[_Kind, Batch] = {}
            for pipeline in sorted({batch.pipeline for batch in found}):
                known.update(_known(connection, pipeline, [batch for batch in found if batch.pipeline == pipeline]))
            now = utc_now()
            new = [columns(b) | {"at": now} for b in found if known.get(_kind(b)) != storable_batch(b)]
            if new:
                connection.execute(sa.insert(batches), new)
        return len(new)

    def batches(self, pipeline: str, span: Span | None = None, state: State | None = None) -> list[Batch]:
        """The newest batch of each day, oldest day first.

        With ``state`` accepted or quarantined: the days whose newest verdict is that, a newer pull notwithstanding
        (what was accepted stays readable until the new content has its own verdict). With ``pulled``: the newest pull.
        """
        where = _of(pipeline, span)
        if state is not None:
            where.append(batches.c.state.in_(VERDICTS if state in VERDICTS else [state]))
        with self.database.reading() as connection:
            found = _newest(connection, where)
        return [batch for batch in found if state in (None, batch.state)]


def storable_batch(batch: Batch) -> Batch:
    """The batch as it comes back from the database."""
    return Batch.model_validate(storable(batch.model_dump()))


def _kind(batch: Batch) -> _Kind:
    return batch.pipeline, batch.day, batch.state in VERDICTS


def _known(connection: sa.Connection, pipeline: str, found: list[Batch]) -> dict[_Kind, Batch]:
    span = Span(min(b.day for b in found), max(b.day for b in found))
    pulls = _newest(connection, [*_of(pipeline, span), batches.c.state.not_in(VERDICTS)])
    verdicts = _newest(connection, [*_of(pipeline, span), batches.c.state.in_(VERDICTS)])
    return {_kind(batch): batch for batch in [*pulls, *verdicts]}


def _of(pipeline: str, span: Span | None) -> list[Any]:
    days = [] if span is None else [batches.c.day.between(span.first, span.last)]
    return [batches.c.pipeline == pipeline, *days]


def _newest(connection: sa.Connection, where: list[Any]) -> list[Batch]:
    last = sa.select(sa.func.max(batches.c.id)).where(*where).group_by(batches.c.day)
    query = sa.select(batches).where(batches.c.id.in_(last)).order_by(batches.c.day)
    return [record(Batch, row) for row in connection.execute(query).mappings()]
