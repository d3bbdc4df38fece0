"""The history of the ledger's tables, walked by Alembic without an ini file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

VERSION_TABLE = "ledger_version"


def config() -> "Config":
    """Alembic's configuration."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(connection: "Connection") -> None:
    """Walk the migrations that this database has not seen, inside the transaction of ``connection``."""
    from alembic import command

    walking = config()
    walking.attributes["connection"] = connection
    command.upgrade(walking, "head")


def head() -> str | None:
    """The newest migration of this version of the code."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config()).get_current_head()


def current(connection: "Connection") -> str | None:
    """The newest migration that this database has seen; None for an empty one."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
