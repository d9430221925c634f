"""Handoffs: enquiries with staff, written so that of two changes at once only one can win."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.clocks import Clock, Pause
from bot.desk.enquiries import local_day
from bot.desk.handoffs import Change, CloseOutcome, Event, EventKind, Handoff, HandoffState, Transfer
from bot.storage.handoff_tables import handoff_events
from bot.storage.tables import IS_OPEN, handoffs

h, e = handoffs.c, handoff_events.c
# Where in an event's data stands what a person wrote in their own words.
WRITTEN = {
    EventKind.RELEASED: "reason",
    EventKind.TRANSFERRED: "reason",
    EventKind.ESCALATED: "reason",
    EventKind.RETURNED: "reason",
    EventKind.EXTENDED: "reason",
    EventKind.REOPENED: "reason",
    EventKind.CLOSED: "remark",
}
_BY_NUMBER = sa.select(handoffs).where(h.number == bindparam("wanted"))
_OPEN = sa.select(handoffs).where(IS_OPEN).order_by(h.id)
_LATEST = (
    sa.select(handoffs)
    .where(h.conversation_id == bindparam("conversation"))
    .order_by(h.id.desc())
    .limit(bindparam("most"))
)
_AHEAD = sa.select(sa.func.count()).where(
    IS_OPEN,
    h.section_id == bindparam("section"),
    h.person_id.is_(None),
    h.id < sa.func.coalesce(_BY_NUMBER.with_only_columns(h.id).scalar_subquery(), 2**53),
)
_SAVE = sa.update(handoffs).where(h.number == bindparam("wanted"), h.version == bindparam("seen"))
_EVENTS = sa.select(handoff_events).where(e.handoff_id == bindparam("key")).order_by(e.id)


def put(connection: Connection, change: Change) -> None:
    """Open a handoff."""
    handoff = change.handoff
    row = {**row_of(handoff), "number": handoff.number, "conversation_id": handoff.conversation}
    row |= {"enquiry_id": handoff.enquiry, "opened_at": handoff.opened_at, "reason": handoff.reason}
    key = connection.execute(sa.insert(handoffs), row).inserted_primary_key[0]
    _put_events(connection, key, change.events)


def save(connection: Connection, before: Handoff, change: Change) -> bool:
    """Write a change over the version it was made from. ``False``: somebody else was faster; nothing done."""
    values = {**row_of(change.handoff), "wanted": before.number, "seen": before.version}
    if connection.execute(_SAVE.values(**row_of(change.handoff)), values).rowcount != 1:
        return False
    key = connection.execute(_BY_NUMBER, {"wanted": before.number}).one().id
    _put_events(connection, key, change.events)
    return True


def by_number(connection: Connection, number: str) -> Handoff | None:
    """Give the handoff with this receipt number."""
    row = connection.execute(_BY_NUMBER, {"wanted": number}).one_or_none()
    return handoff_of(row) if row is not None else None


def key_of(connection: Connection, number: str) -> int:
    """Give the key that other tables know the handoff by; it must be there."""
    return int(connection.execute(_BY_NUMBER, {"wanted": number}).one().id)


def open_ones(connection: Connection) -> list[Handoff]:
    """Give all handoffs that are not closed, the oldest first."""
    return [handoff_of(row) for row in connection.execute(_OPEN)]


def latest(connection: Connection, conversation: str, most: int = 1) -> list[Handoff]:
    """Give the last handoffs of a conversation, the newest first."""
    values = {"conversation": conversation, "most": most}
    return [handoff_of(row) for row in connection.execute(_LATEST, values)]


def ahead(connection: Connection, section: str, number: str = "") -> int:
    """Count what waits for the section before the handoff with this number, or before a new one."""
    return int(connection.execute(_AHEAD, {"section": section, "wanted": number}).scalar_one())


def events_of(connection: Connection, number: str) -> list[Event]:
    """Give what happened to a handoff, the oldest first."""
    rows = connection.execute(_EVENTS, {"key": key_of(connection, number)})
    return [event_of(row._mapping) for row in rows]


def _put_events(connection: Connection, key: int, events: tuple[Event, ...]) -> None:
    rows = [event_row(key, event) for event in events]
    if rows:
        connection.execute(sa.insert(handoff_events), rows)


def event_row(key: int, event: Event) -> dict[str, Any]:
    """Give an event as it is stored: what somebody wrote stands apart, so that it alone can be forgotten."""
    data, written = {**event.data}, WRITTEN.get(event.kind)
    words = data.pop(written, None) if written else None
    kind = event.kind.value
    return {"handoff_id": key, "at": event.at, "kind": kind, "by_id": event.by, "data": data, "words": words}


def event_of(row: Mapping[str, Any]) -> Event:
    """Give the event that a row holds."""
    kind, data = EventKind(row["kind"]), row["data"]
    if kind in WRITTEN and row["words"]:
        data = {**data, WRITTEN[kind]: row["words"]}
    return Event(kind, row["at"], row["by_id"], data)


def row_of(handoff: Handoff) -> dict[str, Any]:
    """Give the columns that may change."""
    offer, clock = handoff.transfer, handoff.clock
    return {
        "section_id": handoff.section,
        "state": handoff.state.value,
        "closed_at": handoff.closed_at,
        "entry_id": handoff.entry,
        "about_section_id": handoff.about,
        "person_id": handoff.person,
        "first_section_id": handoff.first_section,
        "first_person_id": handoff.first_person,
        "standing_in_for": handoff.standing_in_for,
        "transfer": vars(offer) if offer else sa.null(),
        "transfer_to": offer.to if offer else None,
        "transfers": handoff.transfers,
        "escalated": handoff.escalated,
        "kind": clock.kind,
        "received_on": clock.received,
        "extended_by": clock.extended_by,
        "pauses": [_pause_row(pause) for pause in clock.pauses],
        "due_on": handoff.due,
        "warned_for": handoff.warned_for,
        "overdue_on": handoff.overdue_on,
        "first_answered_at": handoff.first_answered_at,
        "answered_at": handoff.answered_at,
        "outcome": handoff.outcome.value if handoff.outcome else None,
        "merged_into": handoff.merged_into,
        "satisfaction": handoff.satisfaction,
        "version": handoff.version,
    }


def handoff_of(row: Any) -> Handoff:
    """Give the handoff that a row holds."""
    received = row.received_on or local_day(row.opened_at)
    pauses = tuple(_pause(item) for item in row.pauses or ())
    return Handoff(
        number=row.number,
        conversation=row.conversation_id,
        enquiry=row.enquiry_id,
        reason=row.reason,
        section=row.section_id,
        opened_at=row.opened_at,
        clock=Clock(row.kind, received, row.extended_by, pauses),
        state=HandoffState(row.state),
        entry=row.entry_id,
        about=row.about_section_id,
        person=row.person_id,
        first_section=row.first_section_id,
        first_person=row.first_person_id,
        standing_in_for=row.standing_in_for,
        transfer=Transfer(**row.transfer) if row.transfer else None,
        transfers=row.transfers,
        escalated=row.escalated,
        due=row.due_on,
        warned_for=row.warned_for,
        overdue_on=row.overdue_on,
        first_answered_at=row.first_answered_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        outcome=CloseOutcome(row.outcome) if row.outcome else None,
        merged_into=row.merged_into,
        satisfaction=row.satisfaction,
        version=row.version,
    )


def _pause_row(pause: Pause) -> dict[str, Any]:
    ended = pause.ended.isoformat() if pause.ended else None
    return {"began": pause.began.isoformat(), "ground": pause.ground, "ended": ended}


def _pause(item: dict[str, Any]) -> Pause:
    ended = date.fromisoformat(item["ended"]) if item["ended"] else None
    return Pause(date.fromisoformat(item["began"]), item["ground"], ended)
