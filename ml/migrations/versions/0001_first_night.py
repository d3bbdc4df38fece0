"""The tables of one night: steps, batches, decisions, promotions, drift, alerts.

Spelled out here and never changed: what the code calls a column later is no concern of a database that exists.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def _id() -> "sa.Column[int]":
    return sa.Column("id", NUMBER, primary_key=True, autoincrement=True)


def _of_day() -> tuple["sa.Column[str]", "sa.Column[date]"]:
    return sa.Column("pipeline", sa.String(64), nullable=False), sa.Column("day", sa.Date, nullable=False)


def upgrade() -> None:
    """Make the tables."""
    _steps()
    _batches()
    _decisions()
    _promotions()
    _drift()
    _alerts()


def _steps() -> None:
    op.create_table(
        "steps",
        _id(),
        *_of_day(),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended", MOMENT),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("output", JSON),
        sa.Column("error", sa.Text),
        sa.Column("code_version", sa.String(80), nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("external", JSON, nullable=False),
        sa.UniqueConstraint("pipeline", "day", "step", "attempt", name="steps_attempt"),
    )


def _batches() -> None:
    op.create_table(
        "batches",
        _id(),
        *_of_day(),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("rows", NUMBER, nullable=False),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("refused", NUMBER, nullable=False),
        sa.Column("refused_uri", sa.Text),
        sa.Column("violations", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("batches_day", "batches", ["pipeline", "day", "id"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        _id(),
        *_of_day(),
        sa.Column("retrain", sa.Boolean, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("against", JSON, nullable=False),
        sa.Column("window", sa.Integer),
        sa.Column("dry_run", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("decisions_day", "decisions", ["pipeline", "day", "id"])


def _promotions() -> None:
    op.create_table(
        "promotions",
        _id(),
        *_of_day(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("previous", sa.Integer),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("promotions_at", "promotions", ["pipeline", "at", "id"])


def _drift() -> None:
    op.create_table(
        "drift",
        _id(),
        *_of_day(),
        sa.Column("reference_first", sa.Date, nullable=False),
        sa.Column("reference_last", sa.Date, nullable=False),
        sa.Column("current_first", sa.Date, nullable=False),
        sa.Column("current_last", sa.Date, nullable=False),
        sa.Column("reference_rows", NUMBER, nullable=False),
        sa.Column("current_rows", NUMBER, nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("html", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("drift_day", "drift", ["pipeline", "day", "id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        _id(),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        *_of_day(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("images", JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("delivered", JSON, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
    )
    op.create_index("alerts_state", "alerts", ["state", "pipeline"])
