"""The database under the ledger: how it is opened, and what its failures are called."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from ml.errors import ConfigError, NightshiftError, ServiceUnavailable

BUSY_SECONDS = 30
_WRITING = "nightshift_writing"
_SQLITE_BEHIND = ("no such table", "no such column", "has no column")
_POSTGRES_BEHIND = ("42P01", "42703")
_POSTGRES_STANDBY = "25006"


@dataclass(frozen=True)
class Database:
    """One Postgres database, or one SQLite file.

    A connection lives as long as one transaction: nothing is shared with a forked task or survives a server's restart.
    """

    engine: sa.Engine

    @classmethod
    def open(cls, address: str) -> "Database":
        """The database at ``address``; nothing is connected yet.

        Raises
        ------
        ConfigError
            The address is not a ``postgresql+psycopg2://`` one or a ``sqlite:///`` file.
        """
        url = _url(address)
        engine = sa.create_engine(url, poolclass=sa.NullPool, **_options(url))
        if url.get_backend_name() == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    @property
    def is_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return Path(str(self.engine.url.database))

    @property
    def place(self) -> str:
        """Where it is, for a sentence: no user, no password."""
        url = self.engine.url
        return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}" if self.is_postgres else str(self.file)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with.

        Raises
        ------
        ServiceUnavailable
            The database is down, full, busy or going down.
        ConfigError
            It has no ledger in it, or an older one.
        """
        with self.answering(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection in one transaction, committed at the end; raises as ``reading`` does."""
        with self.answering(), self.engine.execution_options(**{_WRITING: True}).begin() as connection:
            yield connection

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Call a failure of the database by our names."""
        try:
            yield
        except exc.DBAPIError as error:
            foreseen = self._foreseen(error)
            if foreseen is None:
                raise
            raise foreseen from error

    def _foreseen(self, error: exc.DBAPIError) -> NightshiftError | None:
        if _is_behind(error):
            return ConfigError(
                f"the ledger at {self.place} is not of this version ({self._said(error)}); "
                "`nightshift migrate` brings it up to date"
            )
        if _is_away(error):
            return ServiceUnavailable(f"the ledger at {self.place} did not answer: {self._said(error)}")
        if isinstance(error.orig, _sqlite().DatabaseError) and type(error) is exc.DatabaseError:
            return ConfigError(f"{self.place} is not a ledger: {self._said(error)}")
        return None

    def _said(self, error: exc.DBAPIError) -> str:
        password = self.engine.url.password
        said = (str(error.orig).strip().splitlines() or ["it gave no reason"])[0]
        return said.replace(password, "***") if password else said


def _url(address: str) -> sa.URL:
    try:
        url = sa.make_url(address)
    except (exc.ArgumentError, ValueError):
        # the cause would quote the address, password and all
        raise ConfigError("the ledger's address is not a database URL; write postgresql+psycopg2://…") from None
    if url.drivername in ("postgresql", "postgresql+psycopg2"):
        return url.set(drivername="postgresql+psycopg2")
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise ConfigError(f"a ledger lives in Postgres or in one SQLite file, not in {url.drivername}")


def _options(url: sa.URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    session = "-c timezone=UTC -c application_name=nightshift"
    # without hstore, which we do not use, a connection takes 8 ms instead of 24
    return {
        "use_native_hstore": False,
        "connect_args": {"connect_timeout": 10, "keepalives_idle": 60, "options": session},
    }


def _sqlite() -> Any:
    import sqlite3

    return sqlite3


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; _begin_sqlite sends it
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: sa.Connection) -> None:
    # a transaction that reads before it writes would fail at once when another one wrote in between
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_behind(error: exc.DBAPIError) -> bool:
    if getattr(error.orig, "pgcode", None) in _POSTGRES_BEHIND:
        return True
    return isinstance(error.orig, _sqlite().Error) and any(words in str(error.orig) for words in _SQLITE_BEHIND)


def _is_away(error: exc.DBAPIError) -> bool:
    away = isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated
    return away or getattr(error.orig, "pgcode", None) == _POSTGRES_STANDBY


def without_secrets(text: str) -> str:
    """The text with every ``user:password@`` of an address taken out."""
    return re.sub(r"://[^\s/@]+@", "://***@", text)
