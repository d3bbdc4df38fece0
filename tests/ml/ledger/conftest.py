"""A ledger of each kind."""

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


@pytest.fixture
def ledger(address: str) -> Ledger:
    """A ledger with nothing in it."""
    opened = Ledger.open(address)
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
