"""Indexes by which people and conversations are counted in order."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.drop_index("ix_enquiries_conversation", table_name="enquiries")
    op.create_index("ix_enquiries_conversation", "enquiries", ["conversation_id", "day", "section_id"])
    op.create_index("ix_enquiries_enquirer", "enquiries", ["enquirer", "day", "section_id"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_enquiries_enquirer", table_name="enquiries")
    op.drop_index("ix_enquiries_conversation", table_name="enquiries")
    op.create_index("ix_enquiries_conversation", "enquiries", ["conversation_id"])
