"""The inbox: every message that was acknowledged, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from bot.desk.messages import InboundMessage, Outcome, Reply, TurnResult
from bot.desk.turns import PendingTurn
from bot.storage.conversations import Remembered
from bot.storage.results import read_result, write_result
from bot.storage.tables import IS_PENDING, conversations, handoffs, inbox

PENDING, DONE = "pending", "done"
i = inbox.c

_PUT = text(
    """
    INSERT INTO inbox
        (conversation_id, message_id, kind, text, masked, digest, sent_at, received_at, state, result)
    VALUES (
        :conversation, :message_id, :kind, :text, :masked, :digest, :sent_at, :received_at, 'pending', :ready
    )
    ON CONFLICT (conversation_id, message_id) DO NOTHING
    RETURNING id
    """
).bindparams(bindparam("ready", type_=sa.JSON(none_as_null=True)))
_FIND = sa.select(i.id, i.digest).where(
    i.conversation_id == bindparam("conversation"), i.message_id == bindparam("message_id")
)


def _of_open_handoff(column: Any) -> Any:
    """Give a column of the handoff that is open; one that a person has comes first, for the bot is silent."""
    chosen = sa.select(column).where(
        handoffs.c.conversation_id == bindparam("conversation"), handoffs.c.state != "closed"
    )
    return chosen.order_by(handoffs.c.person_id.is_(None), handoffs.c.id.desc()).limit(1).scalar_subquery()


_NEXT = (
    sa.select(
        i.id,
        i.message_id,
        i.masked,
        i.sent_at,
        i.received_at,
        i.result,
        _of_open_handoff(handoffs.c.number).label("handoff"),
        _of_open_handoff(handoffs.c.person_id).label("person"),
    )
    .where(i.conversation_id == bindparam("conversation"), IS_PENDING)
    .order_by(i.id)
    .limit(1)
)
_FINISH = (
    sa.update(inbox)
    .where(i.id == bindparam("message"), i.state == PENDING)
    .values(state=DONE, result=bindparam("outcome"), finished_at=bindparam("at"))
)
_RESULT = sa.select(i.result).where(i.id == bindparam("message"), i.state == DONE)
_NEGLECTED = (
    sa.select(i.conversation_id)
    .join(conversations, conversations.c.id == i.conversation_id)
    .where(IS_PENDING, conversations.c.lease_until <= bindparam("now"))
    .group_by(i.conversation_id)
    .order_by(sa.func.min(i.id))
    .limit(bindparam("most"))
)
_SINCE = (
    sa.select(i.id)
    .where(
        i.conversation_id == bindparam("conversation"),
        i.id < bindparam("before"),
        i.received_at > bindparam("at"),
    )
    .order_by(i.id.desc())
    .limit(1)
)
_BACKLOG = sa.select(sa.func.count(), sa.func.min(i.received_at)).where(IS_PENDING)


@dataclass(frozen=True)
class Put:
    """Where a message stands. ``repeated``: it stood there before; ``conflict``: with another text."""

    id: int
    repeated: bool
    conflict: bool = False


def put(
    connection: Connection, conversation: str, message: InboundMessage, masked: str, digest: str, now: float
) -> Put:
    """Put a message in, unless one with the same id from the same sender stands there."""
    key = {"conversation": conversation, "message_id": message.message_id}
    values = {
        "kind": message.kind,
        "text": message.text,
        "masked": masked,
        "digest": digest,
        "sent_at": message.sent_at,
        "received_at": now,
        "ready": write_result(_ready(message.answer)) if message.answer else None,
    }
    new = connection.execute(_PUT, {**key, **values}).scalar_one_or_none()
    if new is not None:
        return Put(new, repeated=False)
    old = connection.execute(_FIND, key).one()
    return Put(old.id, repeated=True, conflict=old.digest != digest)


def _ready(answer: Reply) -> TurnResult:
    return TurnResult(Outcome.SMALL_TALK, (answer,))


def next_turn(
    connection: Connection, conversation: str, remembered: Remembered, token: str
) -> PendingTurn | None:
    """Give the oldest message of the conversation that has no answer."""
    row = connection.execute(_NEXT, {"conversation": conversation}).one_or_none()
    if row is None:
        return None
    return PendingTurn(
        id=row.id,
        conversation=conversation,
        channel=remembered.channel,
        enquirer=remembered.enquirer,
        message_id=row.message_id,
        text=row.masked or "",
        sent_at=row.sent_at,
        received_at=row.received_at,
        lease=token,
        context=remembered.context,
        handoff=row.handoff,
        in_charge=row.person is not None,
        earlier=remembered.earlier,
        ready=read_result(row.result) if row.result else None,
    )


def finish(connection: Connection, message: int, result: TurnResult, now: float) -> bool:
    """Mark the message as answered with this. ``False``: somebody else has answered it."""
    values = {"message": message, "outcome": write_result(result), "at": now}
    return bool(connection.execute(_FINISH, values).rowcount == 1)


def result_of(connection: Connection, message: int) -> TurnResult | None:
    """Give what the message was answered with, or ``None`` while it is not."""
    data = connection.execute(_RESULT, {"message": message}).scalar_one_or_none()
    return read_result(data) if data is not None else None


def neglected(connection: Connection, now: float, most: int) -> list[str]:
    """Give conversations with messages that nobody works on, the longest waiting first."""
    return list(connection.execute(_NEGLECTED, {"now": now, "most": most}).scalars())


def backlog(connection: Connection) -> tuple[int, float | None]:
    """Give how many messages have no answer, and since when the oldest waits."""
    row: Any = connection.execute(_BACKLOG).one()
    return int(row[0]), row[1]


def wrote_since(connection: Connection, conversation: str, at: float, before: int) -> bool:
    """Say whether the enquirer wrote anything after a moment and before the message with this id."""
    values = {"conversation": conversation, "at": at, "before": before}
    return connection.execute(_SINCE, values).first() is not None
