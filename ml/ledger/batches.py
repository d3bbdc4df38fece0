"""The book of batches: what was pulled, accepted and quarantined, day by day; a change is a new row."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from ml.days import Span
from ml.ledger.book import Book, columns, record
from ml.ledger.rows import VerdictRow
from ml.ledger.tables import batches
from ml.ledger.types import storable, utc_now
from ml.records import Batch, State

VERDICTS = ("accepted", "quarantined", "discarded")
_Day = tuple[str, date]


class Batches(Book):
    """Which rows a data day has, and what the contract said of them."""

    def record_batches(self, found: Iterable[Batch]) -> int:
        """Append what is new, in one statement; gives how many rows that were.

        A pull is new when it differs from the day's newest pull, a verdict when it differs from the day's newest row:
        so a day that goes back to older content gets its rows again, and a rerun gets none.
        """
        found = list(found)
        with self.database.writing() as connection:
            new = _new(found, _pulls(connection, found), _latest(connection, found))
            now = utc_now()
            if new:
                connection.execute(sa.insert(batches), [columns(batch) | {"at": now} for batch in new])
        return len(new)

    def batches(self, pipeline: str, span: Span | None = None, state: State | None = None) -> list[Batch]:
        """The newest batch of each day, oldest day first.

        With ``state`` pulled: the days that still wait for a verdict. With a verdict: the days whose
        newest verdict is that, a newer pull notwithstanding, since what was accepted stays readable until then.
        """
        where = _of(pipeline, span)
        if state in VERDICTS:
            where.append(batches.c.state.in_(VERDICTS))
        with self.database.reading() as connection:
            found = _newest(connection, where)
        return [batch for batch in found if state in (None, batch.state)]

    def pulls(self, pipeline: str, span: Span | None = None) -> list[Batch]:
        """The newest rows of each day as they came, whatever was said of them; oldest day first."""
        with self.database.reading() as connection:
            return _newest(connection, [*_of(pipeline, span), batches.c.state.not_in(VERDICTS)])

    def rows_ever(self, pipeline: str) -> dict[date, list[VerdictRow]]:
        """Every pull and every verdict of each day, oldest first."""
        found: dict[date, list[VerdictRow]] = {}
        for row in self._rows(sa.select(batches).filter_by(pipeline=pipeline).order_by(batches.c.id)):
            found.setdefault(row["day"], []).append(VerdictRow(row["at"], record(Batch, row)))
        return found

    def verdicts(self, pipeline: str, span: Span | None = None) -> dict[date, list[VerdictRow]]:
        """Everything that was said of each day's rows, oldest first."""
        query = sa.select(batches).where(*_of(pipeline, span), batches.c.state.in_(VERDICTS)).order_by(batches.c.id)
        found: dict[date, list[VerdictRow]] = {}
        for row in self._rows(query):
            found.setdefault(row["day"], []).append(VerdictRow(row["at"], record(Batch, row)))
        return dict(sorted(found.items()))


def _new(found: list[Batch], pulls: dict[_Day, Batch], latest: dict[_Day, Batch]) -> list[Batch]:
    new = []
    for batch in found:
        known = latest if batch.state in VERDICTS else pulls
        if known.get(_day(batch)) != _stored(batch):
            new.append(batch)
            known[_day(batch)] = latest[_day(batch)] = _stored(batch)
    return new


def _stored(batch: Batch) -> Batch:
    """The batch as it comes back from the database."""
    return Batch.model_validate(storable(batch.model_dump()))


def _day(batch: Batch) -> _Day:
    return batch.pipeline, batch.day


def _pulls(connection: sa.Connection, found: list[Batch]) -> dict[_Day, Batch]:
    return _by_day(_newest(connection, [*_around(found), batches.c.state.not_in(VERDICTS)]))


def _latest(connection: sa.Connection, found: list[Batch]) -> dict[_Day, Batch]:
    return _by_day(_newest(connection, _around(found)))


def _by_day(found: list[Batch]) -> dict[_Day, Batch]:
    return {_day(batch): batch for batch in found}


def _around(found: list[Batch]) -> list[Any]:
    days = {batch.day for batch in found} or {date.min}
    return [batches.c.pipeline.in_({batch.pipeline for batch in found}), batches.c.day.between(min(days), max(days))]


def _of(pipeline: str, span: Span | None) -> list[Any]:
    days = [] if span is None else [batches.c.day.between(span.first, span.last)]
    return [batches.c.pipeline == pipeline, *days]


def _newest(connection: sa.Connection, where: list[Any]) -> list[Batch]:
    last = sa.select(sa.func.max(batches.c.id)).where(*where).group_by(batches.c.pipeline, batches.c.day)
    query = sa.select(batches).where(batches.c.id.in_(last)).order_by(batches.c.day)
    return [record(Batch, row) for row in connection.execute(query).mappings()]
