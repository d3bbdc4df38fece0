"""A ledger of each kind."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.ledger import Ledger


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with nothing in it, to be copied: walking the migrations for each test would take longest."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    Ledger.open(f"sqlite:///{file}").migrate()
    return file


@pytest.fixture
def ledger(address: str, migrated_file: Path) -> Ledger:
    """A ledger with nothing in it."""
    opened = Ledger.open(address)
    if address.startswith("sqlite"):
        shutil.copy(migrated_file, opened.database.file)
    else:
        opened.migrate()
    return opened


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
