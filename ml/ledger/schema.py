"""Whether the tables are there, and making them so."""

import os

from ml.ledger import guards
from ml.ledger.database import Database
from ml.ledger.locks import held

MIGRATION_SECONDS = 120.0


def migrate(database: Database) -> None:
    """Walk the migrations that the database has not seen; each commits with its mark, so a killed one starts over.

    Then the books of facts are guarded where they are not; so this also mends a guard that somebody took away.
    """
    from ml import migrations

    if not database.is_postgres:
        _private_file(database)
    with held(database, "the migration of the ledger", MIGRATION_SECONDS), database.writing() as connection:
        migrations.upgrade(connection)
        guards.set_up(connection)


def is_current(database: Database) -> bool:
    """Whether the database has seen all migrations of this version, and no other."""
    from ml import migrations

    if not database.is_postgres and not database.file.exists():
        return False
    with database.reading() as connection:
        return migrations.current(connection) == migrations.head()


def _private_file(database: Database) -> None:
    database.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(database.file, os.O_WRONLY | os.O_CREAT, 0o600))
