"""The outbox: alerts that must reach people, each once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from ml.errors import NightshiftError, ServiceUnavailable
from ml.ledger.book import Book, columns, record
from ml.ledger.rows import AlertRow, Sent
from ml.ledger.steps import failure
from ml.ledger.tables import alerts
from ml.ledger.types import utc_now
from ml.records import Alert


@dataclass
class Claim:
    """An alert that this process alone delivers now. ``delivered`` has it already; add whoever gets it."""

    alert: Alert
    delivered: set[str] = field(default_factory=set)


class Outbox(Book):
    """Written before anything is sent, so a mail server that is down loses nothing."""

    def enqueue(self, alert: Alert) -> bool:
        """Put an alert into the outbox; False when its key is there already, sent or not: the first one stays."""
        values = columns(alert) | {"state": "pending", "tries": 0, "delivered": [], "at": utc_now()}
        with self.database.writing() as connection:
            result = connection.execute(_insert(connection).values(**values).on_conflict_do_nothing())
            return result.rowcount == 1

    def alert(self, key: str) -> AlertRow | None:
        """The alert of this key."""
        rows = self._rows(sa.select(alerts).filter_by(key=key))
        return _row(rows[0]) if rows else None

    def pending(self, pipeline: str | None = None) -> list[AlertRow]:
        """What waits to be sent, oldest first: of one pipeline, or of all."""
        query = sa.select(alerts).filter_by(state="pending").order_by(alerts.c.id)
        return [_row(row) for row in self._rows(query if pipeline is None else query.filter_by(pipeline=pipeline))]

    def alerts_of(self, pipeline: str, day: date) -> list[AlertRow]:
        """Every alert about a data day, oldest first, whatever its state."""
        query = sa.select(alerts).filter_by(pipeline=pipeline, day=day).order_by(alerts.c.id)
        return [_row(row) for row in self._rows(query)]

    def unsent(self, pipeline: str) -> list[AlertRow]:
        """What has not reached everybody, oldest first: what waits, and what was given up."""
        query = sa.select(alerts).filter_by(pipeline=pipeline).where(alerts.c.state != "sent").order_by(alerts.c.id)
        return [_row(row) for row in self._rows(query)]

    def sent(self, pipeline: str) -> list[Sent]:
        """What reached people, oldest first, without its text."""
        query = sa.select(alerts.c.day, alerts.c.kind, alerts.c.at).filter_by(pipeline=pipeline, state="sent")
        return [Sent(**row) for row in self._rows(query.order_by(alerts.c.id))]

    @contextmanager
    def claim(self, key: str) -> Iterator[Claim | None]:
        """Deliver an alert inside this block; None when it is sent, or another process is at it now.

        The row is locked while the block lasts and marked in the same transaction, so two at once send one mail. When
        the block raises, the error and what was delivered are kept: ``pending`` after ServiceUnavailable or a bug,
        ``failed`` (not tried again by itself) after another of our errors.

        One window stays: the server took the mail and this process was killed before the commit. The mail then goes
        out again with the same Message-ID, by which the reader's server drops it.
        """
        error: BaseException | None = None
        with self.database.writing() as connection:
            unsent = sa.select(alerts).filter_by(key=key).where(alerts.c.state != "sent")
            row = connection.execute(unsent.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                yield None
                return
            claim = Claim(record(Alert, row), set(row["delivered"]))
            try:
                yield claim
            except BaseException as caught:
                error = caught
            values = {"tries": row["tries"] + 1, "delivered": sorted(claim.delivered), **_state(error)}
            connection.execute(sa.update(alerts).filter_by(key=key).values(**values))
        if error is not None:
            raise error


def _state(error: BaseException | None) -> Mapping[str, Any]:
    if error is None:
        return {"state": "sent", "sent_at": utc_now(), "last_error": None}
    refused = isinstance(error, NightshiftError) and not isinstance(error, ServiceUnavailable)
    return {"state": "failed" if refused else "pending", "last_error": failure(error)}


def _insert(connection: sa.Connection) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(alerts)


def _row(row: sa.RowMapping) -> AlertRow:
    own = {name: row[name] for name in ("state", "tries", "last_error", "at", "sent_at")}
    return AlertRow(alert=record(Alert, row), delivered=tuple(row["delivered"]), **own)
