"""Forgets what staff wrote about a conversation's handoffs in their own words; what happened when stays."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage.handoff_tables import handoff_events, handoff_notes
from bot.storage.tables import handoffs

h, e = handoffs.c, handoff_events.c


def forget_words(connection: Connection, conversation: str) -> None:
    """Empty reasons and remarks, and remove notes."""
    mine = sa.select(h.id).where(h.conversation_id == conversation)
    connection.execute(sa.update(handoff_events).where(e.handoff_id.in_(mine)).values(words=None))
    connection.execute(sa.delete(handoff_notes).where(handoff_notes.c.handoff_id.in_(mine)))
    for row in connection.execute(sa.select(h.id, h.transfer).where(h.id.in_(mine))).all():
        if row.transfer:
            emptied = {**row.transfer, "reason": ""}
            connection.execute(sa.update(handoffs).where(h.id == row.id).values(transfer=emptied))
