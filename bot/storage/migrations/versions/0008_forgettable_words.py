"""What staff wrote about a handoff stands apart from what happened, so that it alone can be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = ("id", "handoff_id", "at", "kind", "by_id", "data")
REFUSED = "handoff_events is append-only"


def upgrade() -> None:
    """Go one step forward."""
    op.add_column("handoff_events", sa.Column("words", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER handoff_events_update")
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
        op.execute(
            "CREATE TRIGGER handoff_events_update BEFORE UPDATE ON handoff_events "
            f"WHEN NEW.words IS NOT NULL OR {changed} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    same = " AND ".join(
        f"NEW.{name}{cast} IS NOT DISTINCT FROM OLD.{name}{cast}"
        for name, cast in ((name, "::text" if name == "data" else "") for name in KEPT)
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION handoff_events_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' AND NEW.words IS NULL AND {same} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{REFUSED}'; END $$"
    )


def downgrade() -> None:
    """Go one step back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER handoff_events_update")
        op.drop_column("handoff_events", "words")
        op.execute(
            "CREATE TRIGGER handoff_events_update BEFORE UPDATE ON handoff_events "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    op.drop_column("handoff_events", "words")
    op.execute(
        "CREATE OR REPLACE FUNCTION handoff_events_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
