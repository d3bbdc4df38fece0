"""Quarantine as a state: what a person decided about a day, the upstream rows of a day, and its profile."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add what a day was joined from, and the table of acts."""
    op.add_column("batches", sa.Column("upstream", JSON, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("batches", sa.Column("profile", sa.Text))
    op.create_table(
        "quarantine_acts",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("quarantine_acts_day", "quarantine_acts", ["pipeline", "day", "id"])
