"""Pictures that enquirers have sent: kept with their message, and deleted with what was typed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.storage.channel_tables import pictures
from bot.storage.tables import inbox

p, i = pictures.c, inbox.c
_KNOWN = sa.select(i.id).where(i.id == bindparam("message"), i.masked.is_not(None)).with_for_update()
_STANDS = sa.select(p.inbox_id).where(p.inbox_id == bindparam("message"))
_OF = sa.select(i.id).where(i.conversation_id == bindparam("theirs"))
_GET = sa.select(p.kind, p.content).where(p.inbox_id == bindparam("message"), p.inbox_id.in_(_OF))
_HAVING = sa.select(p.inbox_id).where(p.inbox_id.in_(_OF))
_FORGET = sa.delete(pictures).where(p.inbox_id.in_(_OF))
_OLD = sa.select(i.id).where(i.finished_at < bindparam("before"))
_CLEAR = sa.delete(pictures).where(p.inbox_id.in_(_OLD))


@dataclass(frozen=True)
class Picture:
    """A picture; ``kind`` is its media type."""

    kind: str
    content: bytes


def put(connection: Connection, message: int, picture: Picture, now: float) -> bool:
    """Keep the picture of a message. ``False``: the message was deleted meanwhile, or its picture stands."""
    values = {"message": message}
    if connection.execute(_KNOWN, values).first() is None or connection.execute(_STANDS, values).first():
        return False
    row = {"inbox_id": message, "kind": picture.kind, "content": picture.content, "kept_at": now}
    connection.execute(sa.insert(pictures), row)
    return True


def get(connection: Connection, conversation: str, message: int) -> Picture | None:
    """Give the picture of a message of this conversation."""
    row = connection.execute(_GET, {"theirs": conversation, "message": message}).one_or_none()
    return Picture(row.kind, row.content) if row else None


def having(connection: Connection, conversation: str) -> frozenset[int]:
    """Give which messages of a conversation have a picture."""
    return frozenset(connection.execute(_HAVING, {"theirs": conversation}).scalars())


def forget(connection: Connection, conversation: str) -> None:
    """Delete the pictures of a conversation."""
    connection.execute(_FORGET, {"theirs": conversation})


def clear(connection: Connection, before: float) -> int:
    """Delete the pictures of messages that were answered before a moment; gives how many."""
    return int(connection.execute(_CLEAR, {"before": before}).rowcount)
