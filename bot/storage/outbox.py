"""The outbox: every reply of bot and staff, in order, and how far its delivery has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from bot.desk.messages import OutboundMessage, Reply, Room
from bot.storage.results import read_buttons, write_buttons
from bot.storage.tables import IS_DOUBTFUL, IS_DUE, IS_UNSENT, conversations, inbox, outbox

BOT, STAFF = "bot", "staff"
WAITING, SENT, HELD, UNDELIVERABLE = "waiting", "sent", "held", "undeliverable"
o, c, i = outbox.c, conversations.c, inbox.c

_PUT = text(
    """
    INSERT INTO outbox (conversation_id, inbox_id, author, text, quick_replies, state, in_flight, doubtful,
                        next_at, created_at)
    VALUES (:conversation, :inbox_id, :author, :text, :buttons, 'waiting', :no, :no, :next_at, :now)
    RETURNING id
    """
).bindparams(bindparam("buttons", type_=sa.JSON))
_FIELDS = (o.id, o.text, o.quick_replies, o.author, o.created_at, i.message_id, c.channel, c.sender)
_JOINED = outbox.join(conversations, c.id == o.conversation_id).outerjoin(inbox, i.id == o.inbox_id)
_AFTER = (
    sa.select(*_FIELDS)
    .select_from(_JOINED)
    .where(o.conversation_id == bindparam("conversation"), o.id > bindparam("after"))
    .order_by(o.id)
)
_DUE = (
    sa.select(*_FIELDS, o.attempts, o.in_flight, o.next_at, c.send_left, c.send_before)
    .select_from(_JOINED)
    .where(o.conversation_id == bindparam("conversation"), IS_DUE)
    .order_by(o.id)
)
_ACKNOWLEDGE = (
    sa.update(outbox)
    .where(o.conversation_id == bindparam("conversation"), o.id <= bindparam("up_to"), IS_UNSENT)
    .values(state=SENT, sent_at=bindparam("at"), next_at=None, in_flight=False)
)
_ANSWERED = (
    sa.update(outbox)
    .where(o.inbox_id == bindparam("message"), o.state != SENT)
    .values(state=SENT, sent_at=bindparam("at"), next_at=None, in_flight=False)
)
_BEGIN = (
    sa.update(outbox)
    .where(o.id == bindparam("reply"))
    .values(
        in_flight=True,
        attempts=o.attempts + 1,
        doubtful=sa.or_(o.doubtful, bindparam("may_be_second", type_=sa.Boolean())),
    )
)
_MARK = (
    sa.update(outbox)
    .where(o.id == bindparam("reply"), o.state == WAITING)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        next_at=bindparam("again_at"),
        sent_at=bindparam("at"),
        in_flight=bindparam("may_have_arrived", type_=sa.Boolean()),
    )
)
_FLUSH = (
    sa.update(outbox)
    .where(
        o.conversation_id == bindparam("conversation"),
        IS_UNSENT,
        sa.or_(o.state == HELD, sa.and_(o.state == WAITING, o.next_at > bindparam("now"))),
    )
    .values(state=WAITING, next_at=bindparam("now"))
)
_CONVERSATION = sa.select(o.conversation_id).where(o.id == bindparam("reply"))
_TOLD = (
    sa.select(o.text)
    .where(
        o.conversation_id == sa.select(o.conversation_id).where(o.id == bindparam("from")).scalar_subquery(),
        o.id.between(bindparam("from"), bindparam("to")),
        o.author == BOT,
        o.text != "",
    )
    .order_by(o.id)
)
_CLAIM = (
    sa.update(conversations)
    .where(c.id == bindparam("conversation"), c.send_until <= bindparam("now"))
    .values(send_owner=bindparam("token"), send_until=bindparam("until"))
)
_HOLD = (
    sa.update(conversations)
    .where(c.id == bindparam("conversation"), c.send_owner == bindparam("token"))
    .values(send_until=bindparam("until"))
)
_LEAVE = sa.update(outbox).where(o.conversation_id == bindparam("conversation"), IS_DUE).values(next_at=None)
_NEGLECTED = (
    sa.select(o.conversation_id)
    .join(conversations, c.id == o.conversation_id)
    .where(IS_DUE, o.next_at <= bindparam("now"), c.send_until <= bindparam("now"))
    .group_by(o.conversation_id)
    .order_by(sa.func.min(o.id))
    .limit(bindparam("most"))
)
_UNSENT = sa.select(
    sa.func.count(sa.case((IS_DUE, 1))),
    sa.func.count(sa.case((o.state == HELD, 1))),
    sa.func.count(sa.case((o.state == UNDELIVERABLE, 1))),
    sa.func.min(sa.case((IS_DUE, o.next_at))),
).where(IS_UNSENT)
_DOUBTFUL = sa.select(sa.func.count()).select_from(outbox).where(IS_DOUBTFUL)


@dataclass(frozen=True)
class Due:
    """A reply to be sent. ``in_flight``: an attempt was begun and never ended, so it may have arrived."""

    message: OutboundMessage
    attempts: int
    in_flight: bool
    next_at: float


def put(
    connection: Connection,
    conversation: str,
    replies: Iterable[Reply],
    now: float,
    *,
    author: str = BOT,
    inbox_id: int | None = None,
    next_at: float | None = None,
) -> list[int]:
    """Append replies, give their ids. The caller holds the conversation's row: so the ids are in order."""
    values: dict[str, Any] = {"conversation": conversation, "inbox_id": inbox_id, "author": author}
    values |= {"next_at": next_at, "now": now, "no": False}
    return [
        connection.execute(
            _PUT, {**values, "text": reply.text, "buttons": write_buttons(reply.quick_replies)}
        ).scalar_one()
        for reply in replies
    ]


def after(connection: Connection, conversation: str, last: int) -> list[OutboundMessage]:
    """Give the replies with an id above ``last``, in order."""
    rows = connection.execute(_AFTER, {"conversation": conversation, "after": last})
    return [_message(row) for row in rows]


def told(connection: Connection, first: int, last: int) -> list[str]:
    """Give the texts of the bot's replies with these ids in the conversation of the first."""
    return list(connection.execute(_TOLD, {"from": first, "to": last}).scalars())


def due(connection: Connection, conversation: str) -> list[Due]:
    """Give the replies that we are to send and have not, in order, also those whose time is yet to come."""
    rows = connection.execute(_DUE, {"conversation": conversation})
    return [Due(_message(row, _room(row)), row.attempts, row.in_flight, row.next_at) for row in rows]


def acknowledge(connection: Connection, conversation: str, up_to: int, now: float) -> int:
    """Mark the replies up to this id as delivered. Gives how many were not before."""
    values = {"conversation": conversation, "up_to": up_to, "at": now}
    return int(connection.execute(_ACKNOWLEDGE, values).rowcount)


def answered(connection: Connection, message: int, now: float) -> None:
    """Mark the replies to a message as delivered."""
    connection.execute(_ANSWERED, {"message": message, "at": now})


def begin(connection: Connection, reply: int, doubtful: bool) -> None:
    """Note that an attempt begins; ``doubtful``: an earlier one may have arrived."""
    connection.execute(_BEGIN, {"reply": reply, "may_be_second": doubtful})


def mark(
    connection: Connection,
    reply: int,
    state: str,
    now: float,
    reason: str | None = None,
    again_at: float | None = None,
    doubtful: bool = False,
) -> None:
    """Note what came of an attempt; ``doubtful``: nothing is known, so it may have arrived."""
    sent_at = now if state == SENT else None
    values = {"reply": reply, "new_state": state, "why": reason, "again_at": again_at, "at": sent_at}
    connection.execute(_MARK, {**values, "may_have_arrived": doubtful})


def claim(connection: Connection, conversation: str, token: str, until: float, now: float) -> bool:
    """Take the right to send to the conversation, if nobody has it."""
    values = {"conversation": conversation, "token": token, "until": until, "now": now}
    return bool(connection.execute(_CLAIM, values).rowcount)


def hold(connection: Connection, conversation: str, token: str, until: float) -> bool:
    """Keep the right to send until then (0: give it back). ``False``: we do not have it."""
    values = {"conversation": conversation, "token": token, "until": until}
    return bool(connection.execute(_HOLD, values).rowcount)


def conversation_of(connection: Connection, reply: int) -> str:
    """Give the conversation that a reply belongs to."""
    return str(connection.execute(_CONVERSATION, {"reply": reply}).scalar_one())


def flush(connection: Connection, conversation: str, now: float) -> int:
    """Have everything that is held or waits sent now: the recipient has shown up. Gives how much it was."""
    return int(connection.execute(_FLUSH, {"conversation": conversation, "now": now}).rowcount)


def leave_to_recipient(connection: Connection, conversation: str) -> None:
    """Send the waiting replies no more: the recipient fetches them."""
    connection.execute(_LEAVE, {"conversation": conversation})


def neglected(connection: Connection, now: float, most: int) -> list[str]:
    """Give conversations with replies that are due and that nobody sends, the oldest first."""
    return list(connection.execute(_NEGLECTED, {"now": now, "most": most}).scalars())


@dataclass(frozen=True)
class Backlog:
    """How many replies wait, are held until their recipient writes, cannot be delivered, or may be double."""

    waiting: int
    held: int
    undeliverable: int
    doubtful: int
    due_since: float | None


def backlog(connection: Connection) -> Backlog:
    """Count what has not been delivered, and what may have been delivered twice."""
    waiting, held, undeliverable, due_since = connection.execute(_UNSENT).one()
    doubtful = connection.execute(_DOUBTFUL).scalar_one()
    return Backlog(waiting, held, undeliverable, doubtful, due_since)


def _room(row: Any) -> Room | None:
    return Room(row.send_left, row.send_before) if row.send_left is not None else None


def _message(row: Any, room: Room | None = None) -> OutboundMessage:
    return OutboundMessage(
        id=row.id,
        channel=row.channel,
        recipient=row.sender or "",
        reply=Reply(row.text, read_buttons(row.quick_replies)),
        in_reply_to=row.message_id,
        author=row.author,
        at=row.created_at,
        room=room,
    )
