"""What the end of a turn has to do with the handoff of its conversation, inside the same transaction."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.handoffs import Handoff, HandoffError, apply
from bot.desk.handoffs import commands as c
from bot.desk.messages import Reply, TurnResult
from bot.desk.splitting import LIMIT
from bot.desk.turns import PendingTurn, TurnEnd
from bot.storage import handoffs
from bot.storage.casework import Casework
from bot.storage.tables import conversations

_LOCK = sa.select(conversations.c.id).where(conversations.c.id == sa.bindparam("key")).with_for_update()


def open_handoff(connection: Connection, turn: PendingTurn) -> Handoff | None:
    """Give the handoff that was open when the turn began, as it is now; nobody changes it until we commit."""
    if turn.handoff is None:
        return None
    connection.execute(_LOCK, {"key": turn.conversation})
    return handoffs.by_number(connection, turn.handoff)


def changed_turn(turn: PendingTurn, held: Handoff | None) -> PendingTurn | None:
    """Give the turn as it is to be answered now, if a person has taken or ended its handoff meanwhile."""
    number = held.number if held and held.open else None
    in_charge = bool(held and held.in_charge)
    if (number, in_charge) == (turn.handoff, turn.in_charge):
        return None
    return replace(turn, handoff=number, in_charge=in_charge)


def queued(
    connection: Connection, turn: PendingTurn, end: TurnEnd, held: Handoff | None, work: Casework
) -> TurnEnd:
    """Tell whoever is handed over the place in the queue, and by when staff will answer.

    Asking for a person again while one is waited for goes on with the same enquiry.
    """
    handoff = end.handoff.handoff if end.handoff else held
    if handoff is None or not end.result.hand_off:
        return end
    ahead = handoffs.ahead(connection, handoff.section, handoff.number)
    result = _said_too(end.result, work.telling.queued(handoff.due, ahead))
    enquiry = end.enquiry
    if enquiry and held and held.enquiry:
        enquiry = replace(enquiry, continues=held.enquiry)
    return replace(end, result=result, enquiry=enquiry)


def keep(
    connection: Connection, turn: PendingTurn, end: TurnEnd, held: Handoff | None, work: Casework
) -> None:
    """Write what the turn does to a handoff: open it, add to it, rate it."""
    if end.handoff:
        handoffs.put(connection, end.handoff)
    if end.silent and held and not work.telling.only_thanks(turn.text):
        change = apply(held, c.Wrote(end.at), work.rules)
        if change.events:
            handoffs.save(connection, held, change)
    if end.result.rating is not None:
        _rate(connection, turn, end, end.result.rating, work)


def _rate(connection: Connection, turn: PendingTurn, end: TurnEnd, score: int, work: Casework) -> None:
    for handoff in handoffs.latest(connection, turn.conversation):
        try:
            handoffs.save(connection, handoff, apply(handoff, c.Rate(end.at, score), work.rules))
        except HandoffError:
            return  # rated or opened again since: what was said first stays


def _said_too(result: TurnResult, text: str) -> TurnResult:
    """Put a text under the last reply, or behind it where it would be too long for a platform."""
    last = result.replies[-1]
    both = f"{last.text}\n{text}"
    if len(both.encode()) <= LIMIT:
        return replace(result, replies=(*result.replies[:-1], replace(last, text=both)))
    return replace(result, replies=(*result.replies, Reply(text)))
