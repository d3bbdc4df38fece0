"""Fixtures that several rooms share."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest


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


@pytest.fixture
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]
