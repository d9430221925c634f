"""Doubts about answers, proposals for the catalogue, and what was published from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECONDS = sa.Float(precision=53)


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "doubts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("inbox_id", ID, nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_doubts_inbox_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_doubts_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubts")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_doubts_outbox_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "proposals",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("reviewer", sa.String(length=64), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("reviewed_at", SECONDS, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_state", "proposals", ["state", "id"])
    op.create_table(
        "settled",
        sa.Column("inbox_id", ID, autoincrement=False, nullable=False),
        sa.Column("proposal_id", ID, nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_settled_inbox_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_settled_proposal_id")),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_settled")),
    )
    op.create_table(
        "revisions",
        sa.Column("number", ID, autoincrement=True, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("undoes", ID, nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_revisions_proposal_id")),
        sa.ForeignKeyConstraint(["undoes"], ["revisions.number"], name=op.f("fk_revisions_undoes")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revisions")),
        sa.UniqueConstraint("undoes", name=op.f("uq_revisions_undoes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revisions_proposal", "revisions", ["proposal_id"])


def downgrade() -> None:
    """Go one step back."""
    for table in ("revisions", "settled", "proposals", "doubts"):
        op.drop_table(table)
