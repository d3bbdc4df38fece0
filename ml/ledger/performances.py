"""What became of predictions, and how well versions really did: books to which every night adds what changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from ml.days import Span
from ml.ledger.book import Book, append, columns, newest, record
from ml.ledger.tables import estimates, outcomes, performance
from ml.ledger.types import storable, utc_now
from ml.records import Estimated, Outcomes, Performance

_ABOUT = ("day", "first", "version", "role", "column", "value", "metric")


class Performances(Book):
    """Append-only: labels that come later make a new row, and what was known when stays there."""

    def record_outcomes(self, found: Outcomes) -> bool:
        """Keep what became of a day's predictions; False when the day's newest row says the same already."""
        with self.database.writing() as connection:
            last = newest(connection, outcomes, pipeline=found.pipeline, day=found.day)
            if last is not None and _same(record(Outcomes, last), found):
                return False
            append(connection, outcomes, columns(found) | {"at": utc_now()})
            return True

    def outcomes(self, pipeline: str, span: Span | None = None) -> list[Outcomes]:
        """The newest row of each data day, oldest day first."""
        last = sa.select(sa.func.max(outcomes.c.id)).where(*_of(outcomes, pipeline, span)).group_by(outcomes.c.day)
        query = sa.select(outcomes).where(outcomes.c.id.in_(last)).order_by(outcomes.c.day)
        return [record(Outcomes, row) for row in self._rows(query)]

    def record_performance(self, found: Iterable[Performance], night: date) -> int:
        """Keep how versions did as it is known in the night of ``night``; gives how many rows say something new."""
        found = [Performance.model_validate(storable(each.model_dump())) for each in found]
        if not found:
            return 0
        with self.database.writing() as connection:
            days = Span(min(each.day for each in found), max(each.day for each in found))
            known = {_about(each): each for each in _newest(connection, found[0].pipeline, days)}
            new = [each for each in found if known.get(_about(each)) != each]
            if new:
                own = {"night": night, "at": utc_now()}
                connection.execute(sa.insert(performance), [columns(each) | own for each in new])
            return len(new)

    def performance(self, pipeline: str, span: Span | None = None) -> list[Performance]:
        """The newest row about each day or span of days, version, role and part of the rows; oldest day first."""
        with self.database.reading() as connection:
            return _newest(connection, pipeline, span)

    def record_estimate(self, found: Estimated, night: date) -> bool:
        """Keep what is expected of a day; False when something is kept of it already, which stands."""
        of = {"pipeline": found.pipeline, "day": found.day, "role": found.role, "metric": found.metric}
        with self.database.writing() as connection:
            if newest(connection, estimates, **of) is not None:
                return False
            append(connection, estimates, columns(found) | {"night": night, "at": utc_now()})
            return True

    def estimates(self, pipeline: str, span: Span | None = None) -> list[Estimated]:
        """What was expected of each day, oldest day first."""
        query = sa.select(estimates).where(*_of(estimates, pipeline, span)).order_by(estimates.c.day, estimates.c.id)
        return [record(Estimated, row) for row in self._rows(query)]


def _newest(connection: sa.Connection, pipeline: str, span: Span | None) -> list[Performance]:
    query = sa.select(performance).where(*_of(performance, pipeline, span)).order_by(performance.c.id)
    found = (record(Performance, row) for row in connection.execute(query).mappings())
    return sorted({_about(each): each for each in found}.values(), key=lambda each: (each.day, each.first))


def _about(each: Performance) -> tuple[Any, ...]:
    return tuple(getattr(each, name) for name in _ABOUT)


def _same(one: Outcomes, other: Outcomes) -> bool:
    return one.model_copy(update={"night": other.night}) == other


def _of(table: sa.Table, pipeline: str, span: Span | None) -> list[Any]:
    days = [] if span is None else [table.c.day.between(span.first, span.last)]
    return [table.c.pipeline == pipeline, *days]
