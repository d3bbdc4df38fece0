"""Fixtures that several rooms share."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases import fresh
from tests.nights import copy_database

# As in the stack. Left alone, each fit starts a thread per core: the README's night took 59 s of CPU instead of 23.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Postgres that lives as long as the test session."""
    from stack.postgres import throwaway

    with throwaway(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """The URL of a fresh, empty database."""
    return fresh(postgres_server)


@pytest.fixture(scope="session")
def warehouse(postgres_server: str) -> str:
    """The URL of the loaded demo warehouse; shared by the session, so only read it."""
    import psycopg2

    from stack.warehouse import load

    connection = psycopg2.connect(postgres_server.replace("+psycopg2", ""))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE demo")
    connection.close()
    url = postgres_server.rsplit("/", 1)[0] + "/demo"
    load(url, lambda _: None)
    return url


@pytest.fixture
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The config folder of a small pipeline named ``tiny``, its data beside it (see tests/tiny.py)."""
    from tests.tiny import write

    return write(tmp_path / "tiny")


@pytest.fixture(scope="session")
def empty_mlflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's tables in a SQLite file, to be copied: making them takes most of a second."""
    from ml.registry import Registry

    file = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    Registry(f"sqlite:///{file}").aliases("tiny")
    return file


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger's tables in a SQLite file, to be copied: hundreds of tests want them."""
    from ml.ledger import migrate

    made, file = (tmp_path_factory.mktemp("ledger") / name for name in ("made.db", "ledger.db"))
    migrate(f"sqlite:///{made}")
    copy_database(made, file)
    return file


@pytest.fixture
def workspace(tmp_path: Path, tiny: Path, empty_mlflow: Path, empty_ledger: Path):
    """A throw-away workspace in which ``tiny`` can be walked: SQLite, files, mails in a folder."""
    from ml.workspace import Workspace

    (tmp_path / "apart").mkdir()
    for file in (empty_mlflow, empty_ledger):
        shutil.copy(file, tmp_path / "apart")
    return Workspace.apart(tmp_path / "apart", tiny)


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory):
    """A throw-away workspace in which the night of 2013-06-01 was walked; shared by the session, so only read it."""
    from datetime import date

    from ml import lines
    from ml.walker import InProcess
    from ml.workspace import Workspace
    from tests.tiny import write

    folder = tmp_path_factory.mktemp("walked")
    place = Workspace.apart(folder / "apart", write(folder / "tiny"))
    do = InProcess(place.run("tiny", date(2013, 6, 1)))
    lines.retrain(do, lines.nightly(do))
    before = row_counts(place)
    yield place
    assert row_counts(place) == before, "a test wrote to the ledger that all tests share"


def row_counts(place) -> dict[str, int]:
    """How many rows each table of a ledger holds."""
    with closing(sqlite3.connect(place.ledger.database.file)) as ledger:
        tables = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: ledger.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory, empty_mlflow: Path):
    """The first nights of ``tiny``: ``nights.after(2)`` is a workspace as two of them left it (see tests/nights.py)."""
    from tests.nights import Nights

    return Nights(tmp_path_factory.mktemp("nights"), empty_mlflow)


@pytest.fixture
def restored(nights):
    """A workspace in which two nights promoted a version each; a test may damage it."""
    return nights.after(2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one at the end: xdist hands them out in order."""
    weights: dict[Path, int] = {}
    for item in items:
        weights[item.path] = max(weights.get(item.path, 0), _weight(item))
    items.sort(key=lambda item: -weights[item.path])


def _weight(item: pytest.Item) -> int:
    return 2 if item.get_closest_marker("e2e") else 1 if item.get_closest_marker("integration") else 0
