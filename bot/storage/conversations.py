"""Conversations: who talks on which channel, what is remembered, and who works on it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, bindparam, text
from sqlalchemy.engine import Connection

from bot.desk.enquiries import Earlier, Enquiry
from bot.desk.messages import Outcome
from bot.storage.tables import IS_DUE, conversations

c = conversations.c


@dataclass(frozen=True)
class Lease:
    """The wish to work on a conversation: a token that nobody else has, and until when (seconds, UTC)."""

    token: str
    until: float


@dataclass(frozen=True)
class Party:
    """One enquirer on one channel. ``enquirer`` is the pseudonym of ``sender``, the platform's name."""

    channel: str
    enquirer: str
    sender: str

    @property
    def conversation(self) -> str:
        """The id of the conversation."""
        return f"{self.channel}:{self.enquirer}"


@dataclass(frozen=True)
class Remembered:
    """What a conversation remembers; ``leased`` tells that the wished lease was granted."""

    channel: str
    enquirer: str
    context: dict[str, Any]
    earlier: Earlier | None
    leased: bool


_STATE = "channel, enquirer, context, enquiry_id, enquiry_outcome, enquiry_at, lease_owner"
_FREE = "conversations.lease_until <= :now"

# The row is locked whether or not the lease is free: so whoever ends a turn sees this message, or we see
# the lease released.
_MEET = (
    text(
        f"""
    INSERT INTO conversations
        (id, channel, enquirer, sender, context, created_at, last_at, lease_owner, lease_until)
    VALUES (:id, :channel, :enquirer, :sender, :nothing, :now, :now, :token, :until)
    ON CONFLICT (id) DO UPDATE SET
        last_at = excluded.last_at,
        sender = excluded.sender,
        lease_owner = CASE WHEN {_FREE} THEN excluded.lease_owner ELSE conversations.lease_owner END,
        lease_until = CASE WHEN {_FREE} THEN excluded.lease_until ELSE conversations.lease_until END
    RETURNING {_STATE}
    """
    )
    .bindparams(bindparam("nothing", type_=JSON))
    .columns(context=JSON)
)

_LEASE = text(
    f"""
    UPDATE conversations SET lease_owner = :token, lease_until = :until
    WHERE id = :id AND {_FREE}
    RETURNING {_STATE}
    """
).columns(context=JSON)

_END_TURN = """
    UPDATE conversations SET
        context = :context,
        turns = turns + 1,
        last_at = :now,
        enquiry_id = COALESCE(:enquiry_id, enquiry_id),
        enquiry_outcome = COALESCE(:enquiry_outcome, enquiry_outcome),
        enquiry_at = COALESCE(:enquiry_at, enquiry_at){}
    WHERE id = :id
    RETURNING sender, send_owner
"""
# Nobody sends, and nothing older waits: what a crash left must go out first.
_MAY_SEND = f"""send_until <= :now AND NOT EXISTS (
            SELECT 1 FROM outbox
            WHERE outbox.conversation_id = :id AND {IS_DUE})"""
_CLAIM = f""",
        send_owner = CASE WHEN {_MAY_SEND} THEN :sender_token ELSE send_owner END,
        send_until = CASE WHEN {_MAY_SEND} THEN :send_until ELSE send_until END"""
_END = text(_END_TURN.format("")).bindparams(bindparam("context", type_=JSON))
_END_AND_SEND = text(_END_TURN.format(_CLAIM)).bindparams(bindparam("context", type_=JSON))

_RELEASE = (
    sa.update(conversations)
    .where(c.id == bindparam("conversation"), c.lease_owner == bindparam("token"))
    .values(lease_owner=None, lease_until=0)
)
_RENEW = (
    sa.update(conversations)
    .where(c.lease_owner.in_(bindparam("tokens", expanding=True)))
    .values(lease_until=bindparam("new_until"))
)


_ALLOW = (
    sa.update(conversations)
    .where(c.id == bindparam("conversation"))
    .values(
        send_left=bindparam("left"),
        send_before=sa.case((c.send_before > bindparam("before"), c.send_before), else_=bindparam("before")),
    )
)
_SPEND = (
    sa.update(conversations)
    .where(c.id == bindparam("conversation"), c.send_left.is_not(None))
    .values(
        send_left=sa.case(
            (bindparam("closed", type_=sa.Boolean()), 0), else_=c.send_left - bindparam("spent")
        )
    )
)


def meet(connection: Connection, party: Party, lease: Lease, now: float) -> Remembered:
    """Give the conversation with this party, made if it is new, and leased if nobody has it."""
    row = connection.execute(
        _MEET,
        {
            "id": party.conversation,
            "channel": party.channel,
            "enquirer": party.enquirer,
            "sender": party.sender,
            "nothing": {},
            "now": now,
            "token": lease.token,
            "until": lease.until,
        },
    ).one()
    return _remembered(row, lease)


def lease_free(connection: Connection, conversation: str, lease: Lease, now: float) -> Remembered | None:
    """Lease the conversation; ``None`` when somebody else has it."""
    values = {"id": conversation, "token": lease.token, "until": lease.until, "now": now}
    row = connection.execute(_LEASE, values).one_or_none()
    return _remembered(row, lease) if row is not None else None


def end_turn(
    connection: Connection,
    conversation: str,
    context: dict[str, Any],
    enquiry: Enquiry | None,
    now: float,
    sending: Lease | None,
) -> tuple[str | None, bool]:
    """Remember what the turn left, and lock the row.

    Gives the sender's name and whether the right to send was granted, if it was wished by ``sending``.
    """
    values: dict[str, Any] = {
        "id": conversation,
        "context": context,
        "now": now,
        "enquiry_id": enquiry.id if enquiry else None,
        "enquiry_outcome": enquiry.outcome.value if enquiry else None,
        "enquiry_at": enquiry.at if enquiry else None,
    }
    if sending is None:
        row = connection.execute(_END, values).one()
        return row.sender, False
    values |= {"sender_token": sending.token, "send_until": sending.until}
    row = connection.execute(_END_AND_SEND, values).one()
    return row.sender, row.send_owner == sending.token


def release(connection: Connection, conversation: str, token: str) -> None:
    """Let others work on the conversation, unless they already do."""
    connection.execute(_RELEASE, {"conversation": conversation, "token": token})


def renew(connection: Connection, tokens: Sequence[str], until: float) -> int:
    """Keep leases for longer. Gives how many of them were still held."""
    return int(connection.execute(_RENEW, {"tokens": list(tokens), "new_until": until}).rowcount)


def allow(connection: Connection, conversation: str, messages: int, until: float) -> None:
    """Note how many messages the platform now takes for the conversation, and until when at least.

    A short window, as after a tap on a menu, does not end the long one that a message has opened.
    """
    connection.execute(_ALLOW, {"conversation": conversation, "left": messages, "before": until})


def spend(connection: Connection, conversation: str, messages: int, closed: bool = False) -> None:
    """Note that messages of the allowance were used, or that nothing is left of it."""
    connection.execute(_SPEND, {"conversation": conversation, "spent": messages, "closed": closed})


def give_back(connection: Connection, owner: str) -> None:
    """Free all that a process held which is no more: the tokens of its leases begin with its name."""
    mine = f"{owner}#"
    leased = sa.update(conversations).where(c.lease_owner.startswith(mine, autoescape=True))
    connection.execute(leased.values(lease_owner=None, lease_until=0))
    sending = sa.update(conversations).where(c.send_owner.startswith(mine, autoescape=True))
    connection.execute(sending.values(send_owner=None, send_until=0))


def _remembered(row: Any, lease: Lease) -> Remembered:
    earlier = None
    if row.enquiry_id is not None:
        earlier = Earlier(row.enquiry_id, Outcome(row.enquiry_outcome), row.enquiry_at)
    return Remembered(row.channel, row.enquirer, row.context, earlier, row.lease_owner == lease.token)
