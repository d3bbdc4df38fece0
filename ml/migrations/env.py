"""Alembic runs this file for every walk; the connection and its transaction are the caller's."""

from alembic import context

from ml.migrations import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
