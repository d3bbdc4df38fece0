"""Databases of a real server."""

from uuid import uuid4


def fresh(server: str, like: str = "template1") -> str:
    """The URL of a database made for the asker: empty, or a copy of the one named ``like``, that nobody has open."""
    import psycopg2

    name = f"test_{uuid4().hex[:12]}"
    connection = psycopg2.connect(server.replace("+psycopg2", ""))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    connection.close()
    return server.rsplit("/", 1)[0] + f"/{name}"
