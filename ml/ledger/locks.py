"""One at a time, across processes and hosts; a holder that is killed lets go at once.

On Postgres a session-level advisory lock on a connection of its own: the server releases it when the connection ends,
however the process ends. For a SQLite ledger, which only serves one host, ``flock`` on a file beside it.
"""

import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ml.errors import ServiceUnavailable
from ml.ledger.database import Database
from ml.ledger.types import utc_now

_LOCK_NOT_AVAILABLE = "55P03"
_POLL_SECONDS = 0.05
_HOLDER = sa.text(
    """SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((l.classid::bigint << 32) | l.objid::bigint) = :key"""
)


class Held:
    """A lock that this process holds."""

    def confirm(self) -> None:
        """Make sure that it is still held, before something that cannot be taken back.

        Raises
        ------
        ServiceUnavailable
            The server that kept it went away in between.
        """


@dataclass
class HeldByServer(Held):
    name: str
    database: Database
    connection: sa.Connection

    def confirm(self) -> None:
        with self.database.answering():
            self.connection.execute(sa.text("SELECT 1"))


def lock_key(name: str) -> int:
    """The same signed 64-bit number for the same name, in every process and version of Python."""
    return int.from_bytes(hashlib.sha256(f"nightshift {name}".encode()).digest()[:8], "big", signed=True)


def here() -> str:
    """This process, for others to read: at most the 63 bytes that Postgres keeps of it."""
    host = "".join(c if c.isprintable() and c.isascii() else "?" for c in socket.gethostname())[:20]
    return f"pid {os.getpid()} on {host} since {utc_now():%Y-%m-%d %H:%M:%S} UTC"


@contextmanager
def held(database: Database, name: str, wait: float) -> Iterator[Held]:
    """Hold the lock of this name for as long as the block lasts.

    Raises
    ------
    ServiceUnavailable
        Another holds it after ``wait`` seconds; the sentence says who and since when. Or the database is down.
    """
    holding = _held_by_server if database.is_postgres else _held_by_file
    with holding(database, name, wait) as lock:
        yield lock


@contextmanager
def _held_by_server(database: Database, name: str, wait: float) -> Iterator[Held]:
    with database.answering():
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with database.answering():
            _acquire(connection, name, wait)
        yield HeldByServer(name, database, connection)
    finally:
        connection.invalidate()  # close the session itself, without a word to a server that may be gone
        connection.close()


def _acquire(connection: sa.Connection, name: str, wait: float) -> None:
    _set(connection, idle_session_timeout="0", lock_timeout=str(max(1, round(wait * 1000))))
    try:
        connection.execute(sa.select(sa.func.pg_advisory_lock(lock_key(name))))
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "pgcode", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise _taken(name, connection.scalar(_HOLDER, {"key": lock_key(name)})) from error
    _set(connection, lock_timeout="0", application_name=here())


def _set(connection: sa.Connection, **settings: str) -> None:
    for setting, value in settings.items():
        connection.execute(sa.select(sa.func.set_config(setting, value, False)))


def _taken(name: str, holder: str | None) -> ServiceUnavailable:
    return ServiceUnavailable(f"{name} is in the hands of {holder or 'another process'}; try again when it has ended")


@contextmanager
def _held_by_file(database: Database, name: str, wait: float) -> Iterator[Held]:
    file = os.open(_lock_file(database.file, name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _flock(file, wait):
            raise _taken(name, os.pread(file, 200, 0).decode(errors="replace").strip())
        os.ftruncate(file, 0)
        os.pwrite(file, here().encode(), 0)
        yield Held()
    finally:
        os.close(file)


def _lock_file(ledger: Path, name: str) -> Path:
    directory = ledger.with_name(f"{ledger.name}.locks")
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceUnavailable(f"no lock can be taken beside {ledger}: {error.strerror}") from error
    return directory / f"{lock_key(name) & (2**64 - 1):016x}.lock"


def _flock(file: int, wait: float) -> bool:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
        time.sleep(_POLL_SECONDS)
