"""Databases of a real server."""

from uuid import uuid4


def fresh(server: str) -> str:
    """The URL of an empty database, made for the asker."""
    import psycopg2

    name = f"test_{uuid4().hex[:12]}"
    connection = psycopg2.connect(server.replace("+psycopg2", ""))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return server.rsplit("/", 1)[0] + f"/{name}"
