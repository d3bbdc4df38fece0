"""The migrations make the tables that the code expects."""

import stat
from datetime import date
from pathlib import Path

import pytest

from ml.errors import ConfigError
from ml.ledger import Ledger, migrate
from ml.ledger.tables import metadata


def test_an_empty_database_is_not_current_and_a_migrated_one_is(address):
    ledger = Ledger.open(address)
    assert not ledger.is_current()
    ledger.migrate()
    assert ledger.is_current()


def test_migrating_twice_keeps_everything(address, ledger):
    with ledger.attempt("flights", date(2013, 1, 31), "pull"):
        pass
    migrate(address)
    assert len(ledger.step_rows("flights")) == 1


def test_a_database_without_tables_says_what_to_do(address):
    with pytest.raises(ConfigError, match="nightshift migrate"):
        Ledger.open(address).pending()


def test_the_migrations_and_the_tables_agree(ledger):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with ledger.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "ledger_version", "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_ledger_file_is_private_and_its_folder_need_not_be_there(tmp_path: Path):
    file = tmp_path / "a b%" / "ledger.db"
    migrate(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
