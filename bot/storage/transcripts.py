"""Transcripts: what was said in a conversation, by both sides, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.messages import QuickReply
from bot.storage.results import read_buttons
from bot.storage.tables import inbox, outbox

i, o = inbox.c, outbox.c
ENQUIRER = "enquirer"

_ASKED = (
    sa.select(i.id, i.message_id, i.masked, i.received_at, i.state)
    .where(i.conversation_id == bindparam("conversation"))
    .order_by(i.id.desc())
    .limit(bindparam("most"))
)
_SAID = (
    sa.select(
        *(o.id, o.author, o.text, o.quick_replies, o.created_at, o.state, o.reason, o.inbox_id), i.message_id
    )
    .select_from(outbox.outerjoin(inbox, i.id == o.inbox_id))
    .where(o.conversation_id == bindparam("conversation"))
    .order_by(o.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Line:
    """One line. ``id`` is that of the inbox or outbox; ``author`` is ``enquirer``, ``bot`` or ``staff``.

    ``reason`` tells why a reply has not arrived (``state``), in the words of its channel.
    """

    id: int
    author: str
    text: str
    at: float
    state: str
    message_id: str | None = None
    quick_replies: tuple[QuickReply, ...] = ()
    reason: str | None = None


def transcript(connection: Connection, conversation: str, most: int) -> list[Line]:
    """Give the last lines, oldest first, each question before its replies. Questions are masked."""
    values = {"conversation": conversation, "most": most}
    asked = connection.execute(_ASKED, values).all()
    came = {row.id: row.received_at for row in asked}
    lines = [(row.received_at, 0, row.id, _question(row)) for row in asked]
    for row in connection.execute(_SAID, values):
        # A clock that was set back must not put a reply before its question.
        at = max(row.created_at, came.get(row.inbox_id, row.created_at))
        lines.append((at, 1, row.id, _reply(row)))
    lines.sort(key=lambda line: line[:3])
    return [line for _, _, _, line in lines[-most:]]


def _question(row: Any) -> Line:
    return Line(row.id, ENQUIRER, row.masked or "", row.received_at, row.state, row.message_id)


def _reply(row: Any) -> Line:
    buttons = read_buttons(row.quick_replies)
    return Line(row.id, row.author, row.text, row.created_at, row.state, row.message_id, buttons, row.reason)
