"""Events tell all that is counted of a handoff: those that stand so far get one that says how they stand."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TOLD = (
    "opened_at", "reason", "section_id", "state", "person_id", "transfer_to", "transfers", "due_on",
    "overdue_on", "first_answered_at", "outcome", "satisfaction",
)  # fmt: skip
NAMES = {"section_id": "section", "person_id": "person", "transfer_to": "offered", "due_on": "due"}
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECONDS = sa.Float(precision=53)
DAYS = ("due_on", "overdue_on")


def upgrade() -> None:
    """Go one step forward."""
    types = {**dict.fromkeys(DAYS, sa.Date()), **dict.fromkeys(("opened_at", "first_answered_at"), SECONDS)}
    columns = [sa.column(name, types.get(name)) for name in TOLD]
    handoffs = sa.table("handoffs", sa.column("id", ID), *columns)
    events = sa.table(
        "handoff_events",
        sa.column("handoff_id", ID),
        sa.column("at", SECONDS),
        sa.column("kind", sa.String()),
        sa.column("data", sa.JSON()),
    )
    connection, now, rows = op.get_bind(), time.time(), []
    for row in connection.execute(sa.select(handoffs)).mappings():
        told = {NAMES.get(name, name): row[name] for name in TOLD}
        told |= {NAMES.get(name, name): row[name].isoformat() if row[name] else None for name in DAYS}
        rows.append({"handoff_id": row["id"], "at": now, "kind": "brought_over", "data": told})
    if rows:
        connection.execute(sa.insert(events), rows)


def downgrade() -> None:
    """Go one step back: the older code does not know these kinds."""
    unknown = "DELETE FROM handoff_events WHERE kind IN ('brought_over', 'timed')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER handoff_events_delete")
        op.execute(unknown)
        op.execute(
            "CREATE TRIGGER handoff_events_delete BEFORE DELETE ON handoff_events "
            "BEGIN SELECT RAISE(ABORT, 'handoff_events is append-only'); END"
        )
        return
    op.execute("ALTER TABLE handoff_events DISABLE TRIGGER USER")
    op.execute(unknown)
    op.execute("ALTER TABLE handoff_events ENABLE TRIGGER USER")
