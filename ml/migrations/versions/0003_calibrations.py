"""Calibrations of the drift check, and what a report says of the whole check."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the alarm to each report, and the table of calibrations."""
    op.add_column("drift", sa.Column("alarm", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("drift", sa.Column("calibration", sa.Text))
    op.add_column("drift", sa.Column("notes", JSON, nullable=False, server_default=sa.text("'[]'")))
    op.create_table(
        "calibrations",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("settings", sa.String(64), nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("data", sa.String(64), nullable=False),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("nights", sa.Integer, nullable=False),
        sa.Column("blocks", sa.Integer, nullable=False),
        sa.Column("alarms", sa.Integer, nullable=False),
        sa.Column("interval", JSON, nullable=False),
        sa.Column("level", sa.Float),
        sa.Column("thresholds", JSON, nullable=False),
        sa.Column("uri", sa.Text),
        sa.Column("expires", sa.Date, nullable=False),
        sa.Column("code_version", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("calibrations_day", "calibrations", ["pipeline", "day", "id"])
