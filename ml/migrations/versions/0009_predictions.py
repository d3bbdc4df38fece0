"""What was predicted, what became of it, and how well versions really did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables of predictions (on Postgres a partition for each day), outcomes and performance."""
    op.create_table(
        "predictions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("caller", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("key", JSON, nullable=False),
        sa.Column("event_time", sa.DateTime),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("features", JSON),
        postgresql_partition_by="RANGE (day)",
    )
    op.create_index("predictions_day", "predictions", ["pipeline", "day"])
    _outcomes()
    _performance()


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        *_of_day(),
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("predictions", NUMBER, nullable=False),
        sa.Column("known", NUMBER, nullable=False),
        sa.Column("waiting", NUMBER, nullable=False),
        sa.Column("never", NUMBER, nullable=False),
        sa.Column("unmatched", NUMBER, nullable=False),
        sa.Column("batch", sa.String(64)),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("outcomes_day", "outcomes", ["pipeline", "day", "id"])


def _performance() -> None:
    op.create_table(
        "performance",
        *_of_day(),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("column", sa.Text),
        sa.Column("value", sa.Text),
        sa.Column("metric", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("rows", NUMBER, nullable=False),
        sa.Column("metrics", JSON, nullable=False),
        sa.Column("interval", JSON),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("blocks", sa.Integer, nullable=False),
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("performance_day", "performance", ["pipeline", "day", "id"])


def _of_day() -> tuple["sa.Column[int]", "sa.Column[str]", "sa.Column[object]"]:
    return (
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )
