"""Pictures that enquirers have sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECONDS = sa.Float(precision=53)


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "pictures",
        sa.Column("inbox_id", ID, sa.ForeignKey("inbox.id"), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", SECONDS, nullable=False),
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("pictures")
