"""What is new since the last look: events of handoffs, and lines said in conversations with an open one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.storage.handoff_tables import handoff_events
from bot.storage.tables import handoffs, inbox, outbox

# PostgreSQL gives ids before it commits, so one that appears late is looked for a little way back.
LATE = 200
MOST = 500
h, e, i, o = handoffs.c, handoff_events.c, inbox.c, outbox.c
_WHERE = (h.number, h.section_id, h.transfer_to, h.person_id, h.about_section_id)
_OPEN = h.state != "closed"
_EVENTS = (
    sa.select(e.id, e.kind, e.by_id, *_WHERE)
    .select_from(handoff_events.join(handoffs, h.id == e.handoff_id))
    .where(e.id > bindparam("after"))
    .order_by(e.id)
    .limit(MOST)
)
_ASKED = (
    sa.select(i.id, sa.literal("enquirer").label("author"), *_WHERE)
    .select_from(inbox.join(handoffs, sa.and_(h.conversation_id == i.conversation_id, _OPEN)))
    .where(i.id > bindparam("after"))
    .order_by(i.id)
    .limit(MOST)
)
_SAID = (
    sa.select(o.id, o.author, *_WHERE)
    .select_from(outbox.join(handoffs, sa.and_(h.conversation_id == o.conversation_id, _OPEN)))
    .where(o.id > bindparam("after"))
    .order_by(o.id)
    .limit(MOST)
)
_SOURCES = {"event": (_EVENTS, e.id), "asked": (_ASKED, i.id), "said": (_SAID, o.id)}


@dataclass
class Marks:
    """How far each table was read, and which of the latest rows were seen already."""

    at: dict[str, int] = field(default_factory=dict)
    seen: dict[str, set[tuple[int, str]]] = field(default_factory=dict)


def news_since(connection: Connection, marks: Marks) -> list[dict[str, Any]]:
    """Give what is new, and move the marks on. The first call gives nothing: it only marks where we are."""
    if not marks.at:
        for name, (_, column) in _SOURCES.items():
            marks.at[name] = int(connection.execute(sa.select(sa.func.max(column))).scalar() or 0)
            query, _ = _SOURCES[name]
            rows = connection.execute(query, {"after": marks.at[name] - LATE})
            marks.seen[name] = {(row.id, row.number) for row in rows}
        return []
    return [news for name in _SOURCES for news in _read(connection, marks, name)]


def _read(connection: Connection, marks: Marks, name: str) -> Iterable[dict[str, Any]]:
    query, column = _SOURCES[name]
    newest = int(connection.execute(sa.select(sa.func.max(column))).scalar() or 0)
    seen = marks.seen[name]
    rows = connection.execute(query, {"after": marks.at[name] - LATE}).all()
    fresh = [row for row in rows if (row.id, row.number) not in seen]
    # A long jump is read in several looks; what was not joined to an open handoff is passed over.
    reached = rows[-1].id if len(rows) == MOST else newest
    marks.at[name] = max(marks.at[name], reached)
    marks.seen[name] = {(row.id, row.number) for row in rows if row.id > marks.at[name] - LATE}
    return [_news(name, row) for row in fresh]


def _news(name: str, row: Any) -> dict[str, Any]:
    place = {
        "number": row.number,
        "section": row.section_id,
        "to": row.transfer_to,
        "person": row.person_id,
        "about": row.about_section_id,
    }
    if name == "event":
        return {"kind": "event", "event": row.kind, "by": row.by_id, **place}
    return {"kind": "line", "author": row.author, **place}
