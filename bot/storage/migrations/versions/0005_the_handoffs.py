"""Handoffs with people, clocks and transfers; their events, notes, posts and absences."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECONDS = sa.Float(precision=53)
SHANGHAI = timezone(timedelta(hours=8))


def upgrade() -> None:
    """Go one step forward."""
    for column in _columns():
        op.add_column("handoffs", column)
    op.create_index(
        "ix_handoffs_open",
        "handoffs",
        ["section_id", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
        sqlite_where=sa.text("state <> 'closed'"),
    )
    _bring_over()
    op.create_table(
        "handoff_events",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("handoff_id", ID, nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=128), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_events_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handoff_events_handoff", "handoff_events", ["handoff_id", "id"], unique=False)
    op.create_index("ix_handoff_events_at", "handoff_events", ["at"], unique=False)
    op.create_table(
        "handoff_notes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("handoff_id", ID, nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("by_id", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_notes_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handoff_notes_handoff", "handoff_notes", ["handoff_id", "id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("section_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("a_id", sa.String(length=128), nullable=False),
        sa.Column("b_id", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_table(
        "absences",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=128), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_absences_last_day", "absences", ["last_day"], unique=False)
    _only_append("handoff_events")


def _columns() -> tuple[sa.Column, ...]:
    """Give the columns that are new, made afresh: a column belongs to one table only."""
    return (
        sa.Column("entry_id", sa.String(length=128), nullable=True),
        sa.Column("about_section_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.String(length=128), nullable=True),
        sa.Column("first_section_id", sa.String(length=64), nullable=True),
        sa.Column("first_person_id", sa.String(length=128), nullable=True),
        sa.Column("standing_in_for", sa.String(length=128), nullable=True),
        sa.Column("transfer", sa.JSON(), nullable=True),
        sa.Column("transfer_to", sa.String(length=64), nullable=True),
        sa.Column("transfers", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("escalated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("kind", sa.String(length=64), nullable=False, server_default=sa.text("''")),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("extended_by", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("pauses", sa.JSON(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("warned_for", sa.Date(), nullable=True),
        sa.Column("overdue_on", sa.Date(), nullable=True),
        sa.Column("first_answered_at", SECONDS, nullable=True),
        sa.Column("answered_at", SECONDS, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )


def _bring_over() -> None:
    """Give the handoffs that are there a clock; the day they are due is determined by the next look."""
    handoffs = sa.table(
        "handoffs",
        sa.column("id", ID),
        sa.column("opened_at", SECONDS),
        sa.column("kind", sa.String()),
        sa.column("received_on", sa.Date()),
    )
    connection = op.get_bind()
    for key, opened_at in connection.execute(sa.select(handoffs.c.id, handoffs.c.opened_at)).all():
        day = datetime.fromtimestamp(opened_at, SHANGHAI).date()
        change = sa.update(handoffs).where(handoffs.c.id == key)
        connection.execute(change.values(kind="chat_consultation", received_on=day))


def _only_append(table: str) -> None:
    """Have the database refuse every change of a row that stands."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{what.lower()} BEFORE {what} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("absences")
    op.drop_table("posts")
    op.drop_table("handoff_notes")
    op.drop_table("handoff_events")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION handoff_events_append_only()")
    op.drop_index("ix_handoffs_open", table_name="handoffs")
    for column in reversed(_columns()):
        op.drop_column("handoffs", column.name)
