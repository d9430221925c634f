"""What a platform allows for each conversation, and the notes of channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SECONDS = sa.Float(precision=53)


def upgrade() -> None:
    """Go one step forward."""
    op.add_column("conversations", sa.Column("send_left", sa.Integer(), nullable=True))
    op.add_column("conversations", sa.Column("send_before", SECONDS, nullable=True))
    op.create_table(
        "notes",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("until", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("channel", "subject", "name", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_until", "notes", ["until"], unique=False)


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("notes")
    op.drop_column("conversations", "send_before")
    op.drop_column("conversations", "send_left")
