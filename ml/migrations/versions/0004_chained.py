"""Decisions, promotions and acts are chained by hash: each row keeps its text as written, and a hash over it."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from ml import seals

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _columns() -> "Iterator[tuple[str, list[sa.Column[Any]]]]":
    """What each book has at this moment of its history."""
    yield (
        "decisions",
        [
            *(sa.Column("retrain", sa.Boolean), sa.Column("reasons", JSON), sa.Column("against", JSON)),
            *(sa.Column("window", sa.Integer), sa.Column("dry_run", sa.Boolean), sa.Column("by", sa.Text)),
        ],
    )
    yield (
        "promotions",
        [
            *(sa.Column("version", sa.Integer), sa.Column("previous", sa.Integer), sa.Column("run_id", sa.Text)),
            *(sa.Column("snapshot", sa.Text), sa.Column("by", sa.Text)),
        ],
    )
    yield (
        "quarantine_acts",
        [
            *(sa.Column("act", sa.Text), sa.Column("by", sa.Text), sa.Column("why", sa.Text)),
            sa.Column("rules", JSON),
        ],
    )


def _table(book: str, own: "list[sa.Column[Any]]") -> sa.Table:
    made = sa.Table(
        book, sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("pipeline", sa.Text), sa.Column("day", sa.Date)
    )
    rest: list[sa.Column[Any]] = [
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("sealed", sa.Text),
        sa.Column("hash", sa.Text),
    ]
    for column in [*own, *rest]:
        made.append_column(column)
    return made


def upgrade() -> None:
    """Add the seal and the hash to each book, and chain the rows that are there."""
    for book, own in _columns():
        op.add_column(book, sa.Column("sealed", sa.Text, nullable=False, server_default=""))
        op.add_column(book, sa.Column("hash", sa.String(64), nullable=False, server_default=""))
        _chain(_table(book, own))
        op.create_index(f"{book}_hash", book, ["hash"], unique=True)


def _chain(table: sa.Table) -> None:
    connection, before = op.get_bind(), seals.FIRST
    rows = connection.execute(sa.select(table).order_by(table.c.id)).mappings().all()
    for row in rows:
        values = {name: value for name, value in row.items() if name not in ("sealed", "hash")}
        at = values["at"]
        values["at"] = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        sealed = seals.seal(table.name, values)
        before = seals.chained(before, sealed)
        connection.execute(sa.update(table).where(table.c.id == row["id"]).values(sealed=sealed, hash=before))
