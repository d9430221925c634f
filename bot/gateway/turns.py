"""A turn begins and ends here: what is committed together, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from bot.desk.enquiries import Earlier, Enquiry, continued_by
from bot.desk.handoffs import Change, Reason, opened
from bot.desk.messages import InboundMessage, OutboundMessage, Outcome, Reply, TurnResult
from bot.desk.receipts import receipt_number
from bot.desk.turns import Changed, Finished, PendingTurn, TurnEnd
from bot.gateway.topics import Topics
from bot.gateway.turn_handoffs import changed_turn, keep, open_handoff, queued
from bot.storage import conversations, enquiries, inbox, outbox
from bot.storage.casework import Casework
from bot.storage.conversations import Lease, Party, Remembered


@dataclass(frozen=True)
class Accepted:
    """A message that stands in the inbox, and the turn that we may begin because of it."""

    put: inbox.Put
    turn: PendingTurn | None


@dataclass(frozen=True)
class Incoming:
    """A message on its way into the inbox."""

    party: Party
    message: InboundMessage
    masked: str
    digest: str


def accept(connection: Connection, incoming: Incoming, lease: Lease, now: float) -> Accepted:
    """Put a message in, and take its conversation's next turn if nobody works on it."""
    remembered = conversations.meet(connection, incoming.party, lease, now)
    conversation = incoming.party.conversation
    message = incoming.message
    put = inbox.put(connection, conversation, message, incoming.masked, incoming.digest, now)
    if message.allowance and not put.repeated:
        # Whoever writes can be reached again: what was held for them goes out first.
        until = now + message.allowance.seconds
        conversations.allow(connection, conversation, message.allowance.messages, until)
        outbox.flush(connection, conversation, now)
    turn = _next(connection, conversation, remembered, lease.token) if remembered.leased else None
    return Accepted(put, turn)


def take(connection: Connection, conversation: str, lease: Lease, now: float) -> PendingTurn | None:
    """Take the next turn of a conversation, if there is one and nobody works on it."""
    remembered = conversations.lease_free(connection, conversation, lease, now)
    return _next(connection, conversation, remembered, lease.token) if remembered else None


def finish(
    connection: Connection, turn: PendingTurn, end: TurnEnd, sending: Lease | None, work: Casework
) -> Finished | Changed | None:
    """Commit all that ends a turn. ``None``: somebody else has ended it, and nothing was written.

    ``sending`` is the wish to deliver the replies; without it the recipient fetches them. ``Changed``: a
    person has taken or ended the handoff since the turn began, so it must be answered anew.
    """
    held = open_handoff(connection, turn)
    changed = changed_turn(turn, held)
    if changed:
        return Changed(changed)
    end = queued(connection, turn, end, held, work)
    if not inbox.finish(connection, turn.id, end.result, end.at):
        return None
    recipient, ours = conversations.end_turn(
        connection, turn.conversation, end.result.context, end.enquiry, end.at, sending
    )
    next_at = end.at if sending else None
    ids = outbox.put(
        connection, turn.conversation, end.result.replies, end.at, inbox_id=turn.id, next_at=next_at
    )
    if end.enquiry:
        enquiries.put(connection, end.enquiry)
    keep(connection, turn, end, held, work)
    following = _next(connection, turn.conversation, _after(turn, end), turn.lease)
    replies = _outbound(turn, end, recipient or "", ids)
    return Finished(end.result, replies, ours or sending is None, following)


def end_of(turn: PendingTurn, result: TurnResult, topics: Topics, work: Casework, now: float) -> TurnEnd:
    """Give what is to be committed for this result: the enquiry, the handoff, and the number told."""
    if turn.in_charge:
        return TurnEnd(result, now, silent=turn.ready is None)
    if result.hand_off and result.outcome is Outcome.SMALL_TALK:
        result = replace(result, outcome=Outcome.HANDED_OFF)
    number = receipt_of(turn)
    if result.hand_off and not any(number in reply.text for reply in result.replies):
        told = topics.promise(number, failed=False, codes=result.entries)
        result = replace(result, replies=(*result.replies, Reply(told)))
    if result.outcome is Outcome.SMALL_TALK:
        return TurnEnd(result, now)
    handoff = None
    if result.hand_off and not turn.handoff:
        handoff = _opened(turn, result, topics, work)
    return TurnEnd(result, now, _enquiry(turn, result, topics, now), handoff)


def _opened(turn: PendingTurn, result: TurnResult, topics: Topics, work: Casework) -> Change:
    """Open a handoff: received when the message came, whenever it is answered."""
    reason = str(result.hand_off)
    entry = topics.entry(result.entries[0]) if result.entries else None
    return opened(
        receipt_of(turn),
        turn.conversation,
        turn.id,
        reason,
        topics.section_of(result.entries),
        turn.received_at,
        work.rules,
        entry.id if entry else None,
        topics.section_named(turn.text) if reason == Reason.COMPLAINT.value else None,
    )


def receipt_of(turn: PendingTurn) -> str:
    """Give the number that is told: that of the handoff which is open, or else of this message."""
    return turn.handoff or receipt_number(turn.conversation, turn.message_id)


def _enquiry(turn: PendingTurn, result: TurnResult, topics: Topics, now: float) -> Enquiry:
    first = topics.entry(result.entries[0]) if result.entries else None
    return Enquiry(
        id=turn.id,
        conversation=turn.conversation,
        channel=turn.channel,
        enquirer=turn.enquirer,
        at=turn.received_at,
        outcome=result.outcome,
        response_ms=max(0, round((now - turn.received_at) * 1000)),
        topic=first.kind.value if first else None,
        entry=first.id if first else None,
        code=first.code if first else None,
        entries=result.entries,
        facets=result.facets,
        confidence=result.confidence,
        continues=continued_by(turn.earlier, turn.received_at),
        section=topics.section_of(result.entries) if first or result.hand_off else None,
        explanation=result.explanation,
    )


def _next(
    connection: Connection, conversation: str, remembered: Remembered, token: str
) -> PendingTurn | None:
    turn = inbox.next_turn(connection, conversation, remembered, token)
    if turn is None:
        conversations.release(connection, conversation, token)
    return turn


def _after(turn: PendingTurn, end: TurnEnd) -> Remembered:
    enquiry = end.enquiry
    earlier = Earlier(enquiry.id, enquiry.outcome, enquiry.at) if enquiry else turn.earlier
    return Remembered(turn.channel, turn.enquirer, end.result.context, earlier, leased=True)


def _outbound(turn: PendingTurn, end: TurnEnd, recipient: str, ids: list[int]) -> tuple[OutboundMessage, ...]:
    return tuple(
        OutboundMessage(key, turn.channel, recipient, reply, turn.message_id, outbox.BOT, end.at)
        for key, reply in zip(ids, end.result.replies, strict=True)
    )
