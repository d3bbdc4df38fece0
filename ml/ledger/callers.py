"""The register of callers: who may ask the prediction service, with digests in place of tokens."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from ml.errors import ConfigError
from ml.ledger.book import Book, append, columns, newest, record
from ml.ledger.tables import callers
from ml.records import Caller


class Callers(Book):
    """Rows are never deleted: a revoked caller's name still stands on what it asked."""

    def record_caller(self, caller: Caller) -> None:
        """Keep a new caller.

        Raises
        ------
        ConfigError
            There is one of that name already.
        """
        with self.database.writing() as connection:
            if newest(connection, callers, name=caller.name, revoked=None) is not None:
                raise ConfigError(f"there is a caller {caller.name} already: revoke it first, or choose another name")
            append(connection, callers, columns(caller))

    def revoke_caller(self, name: str, by: str, at: datetime) -> Caller:
        """The caller after its token was made worthless; one that was revoked before stays as it is.

        Raises
        ------
        ConfigError
            There never was one of that name.
        """
        with self.database.writing() as connection:
            change = sa.update(callers).filter_by(name=name, revoked=None).values(revoked=at, revoked_by=by)
            connection.execute(change)
            row = newest(connection, callers, name=name)
        if row is None:
            raise ConfigError(f"there is no caller {name}; `nightshift callers list` shows them")
        return record(Caller, row)

    def callers(self) -> list[Caller]:
        """All that ever were, oldest first."""
        return [record(Caller, row) for row in self._rows(sa.select(callers).order_by(callers.c.id))]

    def record_seen(self, moments: Mapping[str, datetime]) -> None:
        """Keep when callers, by digest, asked last; an older moment changes nothing."""
        with self.database.writing() as connection:
            for digest, at in sorted(moments.items()):
                newer = sa.or_(callers.c.seen.is_(None), callers.c.seen < at)
                connection.execute(sa.update(callers).filter_by(digest=digest).where(newer).values(seen=at))
