"""Who may ask the prediction service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the register of callers."""
    op.create_table(
        "callers",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True)),
        sa.Column("revoked_by", sa.Text),
        sa.Column("seen", sa.DateTime(timezone=True)),
    )
    active = sa.text("revoked IS NULL")
    op.create_index("callers_name", "callers", ["name"], unique=True, postgresql_where=active, sqlite_where=active)
