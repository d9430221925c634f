"""Doubts about answers, and the questions that got none: what the catalogue should learn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.handoffs import Reason
from bot.desk.handoffs.sight import BARE_WISH
from bot.desk.messages import Outcome
from bot.storage.improvement_tables import doubts, settled
from bot.storage.report_tables import corrections
from bot.storage.tables import enquiries, handoffs, inbox, outbox

d, i, o, e, h = doubts.c, inbox.c, outbox.c, enquiries.c, handoffs.c
MOST = 2000
BOT = "bot"
# Reasons to hand over that tell of a question the bot had no answer to.
GIVEN_UP = (Reason.NOT_UNDERSTOOD.value, Reason.ASSISTANT_FAILED.value)

# Everybody sees what is to be learnt: so no complaint about a section is among it. And a bare wish for a
# person is no question, whatever topic staff gave it.
_NOT_TO_LEARN_FROM = sa.exists().where(
    h.enquiry_id == i.id,
    sa.or_(
        h.reason == Reason.COMPLAINT.value,
        h.about_section_id.is_not(None),
        sa.and_(h.reason == Reason.ASKED_FOR_PERSON.value, sa.func.length(i.masked) <= BARE_WISH),
    ),
)


@dataclass(frozen=True)
class Missed:
    """A question to learn from. ``why``: ``unanswered``, ``doubted`` or ``corrected``; ``text`` is masked.

    ``entry`` is what the bot took it for, or what staff corrected it to.
    """

    id: int
    text: str
    at: float
    why: str
    entry: str | None
    remark: str = ""


def doubt(connection: Connection, conversation: str, reply: int, remark: str, by: str, now: float) -> bool:
    """Note that an answer of the bot was wrong. ``False``: there is no such answer in the conversation."""
    query = sa.select(o.inbox_id).where(
        o.id == reply, o.conversation_id == conversation, o.author == BOT, o.inbox_id.is_not(None)
    )
    message = connection.execute(query).scalar()
    if message is None:
        return False
    if connection.execute(sa.select(d.id).where(d.outbox_id == reply)).scalar() is None:
        row = {"inbox_id": message, "outbox_id": reply, "remark": remark, "by": by, "at": now}
        connection.execute(sa.insert(doubts).values(**row))
    return True


def doubted(connection: Connection, conversation: str) -> set[int]:
    """Give the answers of a conversation that were said to be wrong."""
    query = sa.select(d.outbox_id).join(outbox, o.id == d.outbox_id).where(o.conversation_id == conversation)
    return set(connection.execute(query).scalars())


def typed(connection: Connection, conversation: str, message: int) -> str | None:
    """Give a message of a conversation as it was typed."""
    query = sa.select(i.text).where(i.id == message, i.conversation_id == conversation)
    text: str | None = connection.execute(query).scalar()
    return text


def missed(connection: Connection, since: float) -> list[Missed]:
    """Give the questions to learn from that came since then and are not settled, the newest first."""
    open_ones = sa.and_(i.id.not_in(sa.select(settled.c.inbox_id)), sa.not_(_NOT_TO_LEARN_FROM))
    found: dict[int, Missed] = {}
    for why, query in _queries().items():
        rows = connection.execute(query.where(open_ones, i.received_at >= since).limit(MOST))
        for row in rows:
            found[row.id] = Missed(
                row.id, row.masked or "", row.received_at, why, row.entry_id, row.remark or ""
            )
    return sorted((one for one in found.values() if one.text), key=lambda one: -one.id)


def _queries() -> dict[str, Any]:
    """Give the three ways in which a question becomes one to learn from; a later one outweighs an earlier."""
    columns = (i.id, i.masked, i.received_at, e.entry_id)
    joined = enquiries.join(inbox, i.id == e.inbox_id)
    nothing = sa.literal("").label("remark")
    given_up = sa.exists().where(h.enquiry_id == i.id, h.reason.in_(GIVEN_UP))
    topic = sa.cast(corrections.c.new, sa.Text).like('%"entry_id"%')
    corrected = sa.exists().where(corrections.c.enquiry_id == i.id, topic)
    return {
        "unanswered": sa.select(*columns, nothing)
        .select_from(joined)
        .where(sa.or_(e.outcome == Outcome.UNANSWERED.value, given_up))
        .order_by(i.id.desc()),
        "corrected": sa.select(*columns, nothing).select_from(joined).where(corrected).order_by(i.id.desc()),
        "doubted": sa.select(*columns, d.remark)
        .select_from(joined.join(doubts, d.inbox_id == i.id))
        .order_by(i.id.desc()),
    }


def settle(
    connection: Connection, messages: Iterable[int], proposal: int | None, by: str, now: float
) -> None:
    """Note that these questions are taken care of."""
    known = set(connection.execute(sa.select(settled.c.inbox_id)).scalars())
    rows = [
        {"inbox_id": message, "proposal_id": proposal, "by": by, "at": now}
        for message in dict.fromkeys(messages)
        if message not in known
    ]
    if rows:
        connection.execute(sa.insert(settled), rows)


def unsettle(connection: Connection, proposal: int) -> None:
    """Put the questions of a proposal that came to nothing back on the list."""
    connection.execute(sa.delete(settled).where(settled.c.proposal_id == proposal))


def real(connection: Connection, messages: Iterable[int]) -> list[int]:
    """Give those of the messages that are enquiries."""
    query = sa.select(e.inbox_id).where(e.inbox_id.in_(list(messages))).order_by(e.inbox_id)
    return list(connection.execute(query).scalars())
