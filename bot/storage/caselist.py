"""Reads handoffs for those who work on them: lists, and one with all that was said, thought and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.handoffs import Event, Handoff, HandoffState
from bot.desk.handoffs.sight import what_was_asked
from bot.desk.messages import Outcome
from bot.storage import handoffs as stored
from bot.storage.handoff_tables import handoff_notes
from bot.storage.report_tables import corrections
from bot.storage.tables import conversations, enquiries, handoffs, inbox, outbox
from bot.storage.transcripts import ENQUIRER, Line, transcript

h, i, c = handoffs.c, inbox.c, conversations.c
earlier = inbox.alias("earlier")
MOST_LINES = 2000
THOUGHT = ("outcome", "topic", "entry_id", "entry_code", "entries", "facets", "confidence", "explanation")
PER_PAGE = 50
ESCAPE = "\\"


class Order(str, Enum):
    """How a list is ordered: what is due first, the oldest first, or the newest first."""

    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Filter:
    """What a list shows. ``sections`` are those it is with or offered to.

    ``states`` empty: all that are open. ``hidden_from`` is a section whose people do not see the complaints
    about it. ``person``: what this one has. ``overdue_on``: what is overdue on
    that day or marked as such. ``text`` is looked for in what was said, in the number and in the notes.
    """

    sections: Sequence[str] = ()
    states: Sequence[HandoffState] = ()
    person: str | None = None
    unclaimed: bool = False
    overdue_on: date | None = None
    text: str = ""
    entry: str | None = None
    reason: str | None = None
    hidden_from: str | None = None


@dataclass(frozen=True)
class Item:
    """A handoff in a list, with the question that opened it and who said what last, when."""

    handoff: Handoff
    channel: str
    question: str
    last_at: float
    last_by: str


@dataclass(frozen=True)
class Page:
    """A part of a list; ``total`` counts all that fit the filter."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True)
class Said:
    """A line of the transcript; ``thought`` is what the bot recognised: the enquiry's row, if it is one.

    ``in_handoff`` tells that it was said after the handoff was opened.
    """

    line: Line
    in_handoff: bool
    thought: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Noted:
    """A note of a colleague; ``at`` in seconds, UTC."""

    by: str
    at: float
    text: str


@dataclass(frozen=True)
class Dossier:
    """One handoff with everything about it."""

    handoff: Handoff
    channel: str
    transcript: tuple[Said, ...]
    events: tuple[Event, ...]
    notes: tuple[Noted, ...]
    others: tuple[Handoff, ...]


_LAST_WROTE = (
    sa.select(sa.func.max(i.received_at))
    .where(i.conversation_id == h.conversation_id)
    .correlate(handoffs)
    .scalar_subquery()
)
_LAST_SAID = (
    sa.select(sa.func.max(outbox.c.created_at))
    .where(outbox.c.conversation_id == h.conversation_id, outbox.c.author == "staff")
    .correlate(handoffs)
    .scalar_subquery()
)
_BEFORE = (
    sa.select(earlier.c.masked)
    .select_from(earlier.join(enquiries, enquiries.c.inbox_id == earlier.c.id))
    .where(earlier.c.conversation_id == h.conversation_id, earlier.c.id < h.enquiry_id)
    .where(enquiries.c.outcome != Outcome.HANDED_OFF.value)
    .order_by(earlier.c.id.desc())
    .limit(1)
    .correlate(handoffs)
    .scalar_subquery()
)
_LIST = sa.select(
    handoffs,
    c.channel,
    sa.func.coalesce(i.masked, "").label("opening"),
    _BEFORE.label("before"),
    _LAST_WROTE.label("wrote_at"),
    _LAST_SAID.label("said_at"),
).select_from(handoffs.join(conversations, c.id == h.conversation_id).outerjoin(inbox, i.id == h.enquiry_id))
_ORDERS = {
    Order.DUE: (h.due_on.is_(None), h.due_on, h.id),
    Order.OLDEST: (h.id,),
    Order.NEWEST: (h.id.desc(),),
}
_THOUGHT = sa.select(enquiries).where(enquiries.c.conversation_id == bindparam("conversation"))
_CORRECTED = (
    sa.select(corrections.c.enquiry_id, corrections.c.old)
    .join(enquiries, enquiries.c.inbox_id == corrections.c.enquiry_id)
    .where(enquiries.c.conversation_id == bindparam("conversation"))
    .order_by(corrections.c.id.desc())
)
_NOTES = (
    sa.select(handoff_notes)
    .where(handoff_notes.c.handoff_id == bindparam("key"))
    .order_by(handoff_notes.c.id)
)
_CHANNEL = sa.select(c.channel).where(c.id == bindparam("conversation"))


def list_handoffs(
    connection: Connection, chosen: Filter, order: Order = Order.DUE, page: int = 1, per_page: int = PER_PAGE
) -> Page:
    """Give one page of the handoffs that fit, the first page being 1."""
    conditions = _conditions(chosen)
    counted = sa.select(sa.func.count()).select_from(handoffs).where(*conditions)
    total = int(connection.execute(counted).scalar_one())
    ordered = sa.select(h.id).where(*conditions).order_by(*_ORDERS[order])
    # Only the page's own rows are looked into, not all that fit.
    keys = connection.execute(ordered.limit(per_page).offset(per_page * (max(page, 1) - 1))).scalars().all()
    rows = connection.execute(_LIST.where(h.id.in_(keys)).order_by(*_ORDERS[order]))
    return Page(tuple(_item(row) for row in rows), total)


def counts(connection: Connection, chosen: Filter) -> dict[str, int]:
    """Count the handoffs that fit, by state."""
    query = sa.select(h.state, sa.func.count()).where(*_conditions(chosen)).group_by(h.state)
    return {state: int(count) for state, count in connection.execute(query)}


def full_transcript(connection: Connection, number: str, most: int = MOST_LINES) -> Dossier | None:
    """Give a handoff with all that was said, thought and done; ``None`` when there is none."""
    handoff = stored.by_number(connection, number)
    if handoff is None:
        return None
    values = {"conversation": handoff.conversation}
    thought = {row.inbox_id: _thought(row) for row in connection.execute(_THOUGHT, values)}
    # What staff corrected since is not what the bot thought: the first correction holds that.
    for row in connection.execute(_CORRECTED, values):
        thought[row.enquiry_id].update((k, v) for k, v in row.old.items() if k in THOUGHT)
    lines = transcript(connection, handoff.conversation, most)
    notes = connection.execute(_NOTES, {"key": stored.key_of(connection, number)})
    return Dossier(
        handoff=handoff,
        channel=str(connection.execute(_CHANNEL, values).scalar_one()),
        transcript=tuple(_said(line, handoff, thought) for line in lines),
        events=tuple(stored.events_of(connection, number)),
        notes=tuple(Noted(row.by_id, row.at, row.text) for row in notes),
        others=tuple(o for o in stored.latest(connection, handoff.conversation, 20) if o.number != number),
    )


def _conditions(chosen: Filter) -> list[Any]:
    found: list[Any] = []
    if chosen.states:
        found.append(h.state.in_([state.value for state in chosen.states]))
    else:
        found.append(h.state != HandoffState.CLOSED.value)
    if chosen.sections:
        sections = list(chosen.sections)
        found.append(sa.or_(h.section_id.in_(sections), h.transfer_to.in_(sections)))
    if chosen.person is not None:
        found.append(h.person_id == chosen.person)
    if chosen.unclaimed:
        found.append(h.person_id.is_(None))
    if chosen.overdue_on:
        found.append(sa.or_(h.overdue_on.is_not(None), h.due_on < chosen.overdue_on))
    if chosen.entry:
        found.append(h.entry_id == chosen.entry)
    if chosen.reason:
        found.append(h.reason == chosen.reason)
    if chosen.hidden_from:
        found.append(sa.or_(h.about_section_id.is_(None), h.about_section_id != chosen.hidden_from))
    if chosen.text.strip():
        found.append(_holds(chosen.text.strip(), chosen.hidden_from))
    return found


def _holds(text: str, hidden_from: str | None) -> Any:
    """Look for a text, taken literally, in the conversation, the number and the notes.

    What was said about a section is not found by it either, see ``sight.hides``.
    """
    plain = text.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")
    like = f"%{plain}%"
    said, note = outbox.c, handoff_notes.c
    asks = i.conversation_id == h.conversation_id, i.masked.like(like, escape=ESCAPE)
    asked = _some(i.id, *asks, *_not_hidden(i.received_at, i.id, hidden_from))
    here = said.conversation_id == h.conversation_id
    tells = here, said.author == "staff", said.text.like(like, escape=ESCAPE)
    told = _some(said.id, *tells, *_not_hidden(said.created_at, None, hidden_from))
    noted = _some(note.id, note.handoff_id == h.id, note.text.like(like, escape=ESCAPE))
    number = h.number.like(f"{plain.upper()}%", escape=ESCAPE)
    return sa.or_(number, asked, told, noted)


def _not_hidden(at: Any, message: Any, section: str | None) -> tuple[Any, ...]:
    """Leave out what was said while a complaint about this section was open in the conversation."""
    if section is None:
        return ()
    other = handoffs.alias("other")
    during = sa.and_(other.c.opened_at <= at, sa.func.coalesce(other.c.closed_at, at) >= at)
    when = during if message is None else sa.or_(during, other.c.enquiry_id == message)
    same = other.c.conversation_id == h.conversation_id
    hides = sa.select(other.c.id).where(same, other.c.about_section_id == section, when)
    return (sa.not_(hides.correlate(handoffs, inbox, outbox).exists()),)


def _some(column: Any, *conditions: Any) -> Any:
    """Say whether there is a row, for each handoff of the list."""
    return sa.select(column).where(*conditions).correlate(handoffs).exists()


def _item(row: Any) -> Item:
    wrote, said = row.wrote_at or row.opened_at, row.said_at or 0.0
    last_by = "staff" if said > wrote else ENQUIRER
    question = what_was_asked(row.reason, row.opening, row.before or "")
    return Item(stored.handoff_of(row), row.channel, question, max(wrote, said), last_by)


def _said(line: Line, handoff: Handoff, thought: dict[int, dict[str, Any]]) -> Said:
    known = thought.get(line.id, {}) if line.author == ENQUIRER else {}
    return Said(line, line.at >= handoff.opened_at, known)


def _thought(row: Any) -> dict[str, Any]:
    """Give what the bot made of a message: the row of the enquiry, with its reasoning."""
    return {name: row._mapping[name] for name in THOUGHT}
