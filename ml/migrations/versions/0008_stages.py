"""How a version entered Production and why, what a person was asked, and what was answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Widen the book of promotions, and add the tables of settlements, questions and answers."""
    op.add_column("promotions", sa.Column("kind", sa.String(16), nullable=False, server_default="promotion"))
    op.add_column("promotions", sa.Column("why", sa.Text, nullable=False, server_default=""))
    op.add_column("promotions", sa.Column("recipe", sa.String(64)))
    op.create_table(
        "settlements",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("promotion", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("promotion", name="settlements_promotion"),
    )
    # what is in the book now was brought to the registry by the code before this
    op.execute("INSERT INTO settlements (pipeline, day, promotion, at) SELECT pipeline, day, id, at FROM promotions")
    op.create_table(
        "questions",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("champion_version", sa.Integer),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("users", JSON, nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("pipeline", "version", name="questions_version"),
    )
    op.create_table(
        "answers",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pipeline", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("answers_hash", "answers", ["hash"], unique=True)
    op.create_index("answers_version", "answers", ["pipeline", "version", "id"])
