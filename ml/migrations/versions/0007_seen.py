"""What the drift check looks at of a day that was read again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the place of those rows to each batch; batches of before have none, and are seen as they are."""
    op.add_column("batches", sa.Column("seen", sa.JSON().with_variant(JSONB(), "postgresql")))
