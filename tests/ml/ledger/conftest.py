"""A ledger of each kind."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.ledger import Ledger
from tests.databases import fresh


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with nothing in it, to be copied: walking the migrations for each test would take longest."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    Ledger.open(f"sqlite:///{file}").migrate()
    return file


@pytest.fixture(scope="session")
def migrated_name(postgres_server: str) -> str:
    """The name of a Postgres ledger with nothing in it, to be copied as well."""
    opened = Ledger.open(fresh(postgres_server))
    opened.migrate()
    opened.database.engine.dispose()
    return str(opened.database.engine.url.database)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def address(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """The URL of a database: an empty one, or that of ``ledger`` where a test has this, too."""
    empty = "ledger" not in request.fixturenames
    if request.param == "postgres":
        like = "template1" if empty else request.getfixturevalue("migrated_name")
        return fresh(request.getfixturevalue("postgres_server"), like)
    if not empty:
        shutil.copy(migrated_file, tmp_path / "ledger.db")
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(address: str) -> Ledger:
    """A ledger with nothing in it."""
    return Ledger.open(address)


@pytest.fixture
def cut_lock_sessions() -> Callable[[str], None]:
    """Ends every session that holds a lock, as a server's restart would."""
    import psycopg2

    def cut(address: str) -> None:
        connection = psycopg2.connect(address.replace("+psycopg2", ""))
        cursor = connection.cursor()
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pid %'")
        connection.close()

    return cut


@pytest.fixture
def unguarded() -> Callable[..., None]:
    """Does to a book what its guards forbid, as somebody who owns the database can; then guards it again."""
    import sqlalchemy as sa

    from ml.ledger import guards

    def tamper(ledger: Ledger, book: str, statement: str, again: bool = True) -> None:
        with ledger.database.writing() as connection:
            if ledger.database.is_postgres:
                connection.execute(sa.text(f"ALTER TABLE {book} DISABLE TRIGGER USER"))
            else:
                triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :book")
                for name in connection.execute(triggers, {"book": book}).scalars().all():
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
            assert connection.exec_driver_sql(statement).rowcount == 1
            if again:
                guards.set_up(connection)

    return tamper
