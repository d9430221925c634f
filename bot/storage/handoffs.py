"""Handoffs: enquiries with staff."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.clocks import Clock
from bot.desk.enquiries import local_day
from bot.desk.handoffs import Handoff, HandoffState
from bot.storage.tables import handoffs

h = handoffs.c
_PUT = sa.insert(handoffs)
_BY_NUMBER = sa.select(handoffs).where(h.number == bindparam("wanted"))
_CLOSE = (
    sa.update(handoffs)
    .where(h.number == bindparam("wanted"), h.state != HandoffState.CLOSED.value)
    .values(state=HandoffState.CLOSED.value, closed_at=bindparam("at"))
)
_OPEN = sa.select(handoffs).where(h.state != HandoffState.CLOSED.value).order_by(h.id)


def put(connection: Connection, handoff: Handoff) -> None:
    """Open a handoff."""
    connection.execute(
        _PUT,
        {
            "number": handoff.number,
            "conversation_id": handoff.conversation,
            "enquiry_id": handoff.enquiry,
            "reason": handoff.reason,
            "section_id": handoff.section,
            "state": handoff.state.value,
            "opened_at": handoff.opened_at,
        },
    )


def by_number(connection: Connection, number: str) -> Handoff | None:
    """Give the handoff with this receipt number."""
    row = connection.execute(_BY_NUMBER, {"wanted": number}).one_or_none()
    return _handoff(row) if row is not None else None


def open_ones(connection: Connection) -> list[Handoff]:
    """Give all handoffs that are not closed, the oldest first."""
    return [_handoff(row) for row in connection.execute(_OPEN)]


def close(connection: Connection, number: str, now: float) -> bool:
    """Close a handoff. ``False``: there is none, or it was closed before."""
    return bool(connection.execute(_CLOSE, {"wanted": number, "at": now}).rowcount)


def _handoff(row: Any) -> Handoff:
    return Handoff(
        number=row.number,
        conversation=row.conversation_id,
        enquiry=row.enquiry_id,
        reason=row.reason,
        section=row.section_id,
        opened_at=row.opened_at,
        clock=Clock("", local_day(row.opened_at)),
        state=HandoffState(row.state),
    )
