"""Fixtures that several rooms share."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

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
    import psycopg2

    name = f"test_{uuid4().hex[:12]}"
    connection = psycopg2.connect(postgres_server.replace("+psycopg2", ""))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return postgres_server.rsplit("/", 1)[0] + f"/{name}"


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


@pytest.fixture
def workspace(tmp_path: Path, tiny: Path):
    """A throw-away workspace in which ``tiny`` can be walked: SQLite, files, mails in a folder."""
    from ml.workspace import Workspace

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
    return place


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace ``apart`` in which two nights promoted a version each, and its copy ``whole``."""
    import shutil
    from datetime import date

    from ml import lines
    from ml.walker import InProcess
    from ml.workspace import Workspace
    from tests.tiny import write

    folder = tmp_path_factory.mktemp("two_nights")
    place = Workspace.apart(folder / "apart", write(folder / "tiny"))
    for day in (date(2013, 6, 1), date(2013, 6, 2)):
        do = InProcess(place.run("tiny", day))
        lines.retrain(do, lines.nightly(do))
    shutil.copytree(folder / "apart", folder / "whole")
    return folder


@pytest.fixture
def restored(two_nights: Path):
    """That workspace as the two nights left it; a test may damage it. MLflow keeps absolute paths, so it stays put."""
    import shutil
    import sqlite3

    from ml.workspace import Workspace

    apart = two_nights / "apart"
    for whole in (two_nights / "whole").iterdir():
        if whole.is_dir():
            shutil.rmtree(apart / whole.name)
            shutil.copytree(whole, apart / whole.name)
        elif whole.suffix == ".db":  # MLflow keeps its file open
            with sqlite3.connect(whole) as kept, sqlite3.connect(apart / whole.name) as used:
                kept.backup(used)
    return Workspace.apart(apart, two_nights / "tiny" / "config")
