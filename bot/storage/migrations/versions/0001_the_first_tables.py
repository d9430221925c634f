"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECONDS = sa.Float(precision=53)


def where(condition: str) -> dict[str, sa.sql.ClauseElement]:
    """Give the options of an index over some rows only."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("enquirer", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("turns", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", SECONDS, nullable=False),
        sa.Column("last_at", SECONDS, nullable=False),
        sa.Column("lease_owner", sa.String(length=160), nullable=True),
        sa.Column("lease_until", SECONDS, server_default=sa.text("0"), nullable=False),
        sa.Column("send_owner", sa.String(length=128), nullable=True),
        sa.Column("send_until", SECONDS, server_default=sa.text("0"), nullable=False),
        sa.Column("enquiry_id", ID, nullable=True),
        sa.Column("enquiry_outcome", sa.String(length=32), nullable=True),
        sa.Column("enquiry_at", SECONDS, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "deployment",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_deployment")),
    )
    op.create_table(
        "gateways",
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("seen_at", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_gateways")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=128), nullable=False),
        sa.Column("message_id", sa.String(length=256), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("masked", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent_at", SECONDS, nullable=False),
        sa.Column("received_at", SECONDS, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("finished_at", SECONDS, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_inbox_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("conversation_id", "message_id", name=op.f("uq_inbox_conversation_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_conversation", "inbox", ["conversation_id", "id"], unique=False)
    op.create_index(
        "ix_inbox_pending", "inbox", ["conversation_id", "id"], unique=False, **where("state = 'pending'")
    )
    op.create_table(
        "enquiries",
        sa.Column("inbox_id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("enquirer", sa.String(length=64), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=True),
        sa.Column("entry_id", sa.String(length=128), nullable=True),
        sa.Column("entry_code", sa.String(length=32), nullable=True),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("facets", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("confidence", SECONDS, nullable=False),
        sa.Column("response_ms", sa.Integer(), nullable=False),
        sa.Column("continues", ID, nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_enquiries_conversation_id")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_enquiries_inbox_id")),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_enquiries")),
    )
    op.create_index("ix_enquiries_conversation", "enquiries", ["conversation_id"], unique=False)
    op.create_index("ix_enquiries_day", "enquiries", ["day", "inbox_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=128), nullable=False),
        sa.Column("inbox_id", ID, nullable=True),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quick_replies", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("in_flight", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("next_at", SECONDS, nullable=True),
        sa.Column("created_at", SECONDS, nullable=False),
        sa.Column("sent_at", SECONDS, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_outbox_conversation_id")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_outbox_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_conversation", "outbox", ["conversation_id", "id"], unique=False)
    op.create_index("ix_outbox_doubtful", "outbox", ["id"], unique=False, **where("doubtful"))
    op.create_index("ix_outbox_inbox", "outbox", ["inbox_id"], unique=False)
    op.create_index(
        "ix_outbox_unsent", "outbox", ["conversation_id", "id"], unique=False, **where("state <> 'sent'")
    )
    op.create_table(
        "handoffs",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=128), nullable=False),
        sa.Column("enquiry_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("section_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_at", SECONDS, nullable=False),
        sa.Column("closed_at", SECONDS, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_handoffs_conversation_id")
        ),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiries.inbox_id"], name=op.f("fk_handoffs_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("number", name=op.f("uq_handoffs_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handoffs_conversation", "handoffs", ["conversation_id"], unique=False)


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("handoffs")
    op.drop_table("outbox")
    op.drop_table("enquiries")
    op.drop_table("inbox")
    op.drop_table("gateways")
    op.drop_table("deployment")
    op.drop_table("conversations")
