"""The registers in the database: events are appended, the row of a case is what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.register import Case, CaseKind, Event, Stage, Step, case_of
from bot.desk.statistics import Scope
from bot.storage.moments import Moment
from bot.storage.report_tables import register_cases, register_events, register_people

c, v = register_cases.c, register_events.c
PREFIXES = {
    CaseKind.CITIZENS_HOTLINE: "BX",
    CaseKind.ON_AIR: "ZF",
    CaseKind.WEB_LETTER: "LX",
    CaseKind.TELEPHONE: "DH",
    CaseKind.APPLICATION: "GK",
    CaseKind.DISPUTE: "FS",
}
_EVENTS = sa.select(register_events).where(v.case_id == bindparam("case")).order_by(v.id)
_BY_NUMBER = sa.select(register_cases).where(c.number == bindparam("wanted"))


@dataclass(frozen=True)
class Registered:
    """A case as it stands in the register."""

    id: int
    number: str
    registered_at: float
    registered_by: str
    case: Case


@dataclass(frozen=True)
class Person:
    """What identifies who is behind a case, and their words: kept apart, deleted in time."""

    name: str | None = None
    contact: str | None = None
    identity: str | None = None
    text: str | None = None


def register(connection: Connection, event: Event, person: Person) -> str:
    """Put a case in with its first event and give its number."""
    case = case_of([event])
    values = {"number": uuid4().hex, "registered_at": event.at, "registered_by": event.by}
    made = connection.execute(sa.insert(register_cases).values(**values, **columns_of(case)))
    key = int(made.inserted_primary_key[0])
    number = f"{PREFIXES[case.kind]}{case.received_on.year}-{key}"
    connection.execute(sa.update(register_cases).where(c.id == key).values(number=number))
    _append(connection, key, event)
    if any(vars(person).values()):
        connection.execute(sa.insert(register_people).values(case_id=key, **vars(person)))
    return number


def add(connection: Connection, key: int, event: Event, case: Case) -> None:
    """Append an event and bring the row to what the events now come to."""
    _append(connection, key, event)
    connection.execute(sa.update(register_cases).where(c.id == key).values(**columns_of(case)))


def by_number(connection: Connection, number: str, lock: bool = False) -> Registered | None:
    """Give the case with this number; ``lock`` keeps others from changing it until the commit."""
    query = _BY_NUMBER.with_for_update() if lock else _BY_NUMBER
    row = connection.execute(query, {"wanted": number}).one_or_none()
    return _registered(row) if row is not None else None


def events_of(connection: Connection, key: int) -> list[Event]:
    """Give the events of a case, the oldest first."""
    return [_event(row) for row in connection.execute(_EVENTS, {"case": key})]


def person_of(connection: Connection, key: int) -> Person | None:
    """Give who is behind a case, while that is kept."""
    row = connection.execute(sa.select(register_people).where(register_people.c.case_id == key)).one_or_none()
    return Person(row.name, row.contact, row.identity, row.text) if row is not None else None


def listed(
    connection: Connection, kinds: Sequence[CaseKind], section: str | None = None, most: int = 500
) -> list[Registered]:
    """Give the newest cases of these kinds, of one section or of all."""
    query = sa.select(register_cases).where(c.kind.in_([k.value for k in kinds])).order_by(c.id.desc())
    if section is not None:
        query = query.where(c.section_id == section)
    return [_registered(row) for row in connection.execute(query.limit(most))]


def every(connection: Connection, kind: CaseKind) -> Iterator[Registered]:
    """Give all cases of a kind that are not void, the oldest first."""
    query = sa.select(register_cases).where(c.kind == kind.value, sa.not_(c.void)).order_by(c.id)
    return map(_registered, connection.execute(query))


def cases_as_of(connection: Connection, moment: Moment) -> Iterator[dict[str, Any]]:
    """Give the rows of all cases as their events until a moment tell them, whatever the table says."""
    query = sa.select(register_events).where(moment.before(register_events)).order_by(v.case_id, v.id)
    events: list[Event] = []
    current: int | None = None
    for row in connection.execute(query):
        if row.case_id != current and events:
            yield columns_of(case_of(events))
            events = []
        current = row.case_id
        events.append(_event(row))
    if events:
        yield columns_of(case_of(events))


def events_after(connection: Connection, scope: Scope, moment: Moment) -> int:
    """Give how many steps were written down later than a moment for cases received on these days."""
    query = (
        sa.select(sa.func.count())
        .select_from(register_events.join(register_cases, c.id == v.case_id))
        .where(moment.after(register_events), c.received_on.between(scope.first, scope.last))
    )
    return int(connection.execute(query).scalar_one())


def _append(connection: Connection, key: int, event: Event) -> None:
    connection.execute(
        sa.insert(register_events).values(
            case_id=key,
            step=event.step.value,
            on_day=event.day,
            content=dict(event.content),
            by=event.by,
            at=event.at,
        )
    )


def _event(row: Any) -> Event:
    content: Mapping[str, Any] = row.content
    return Event(Step(row.step), row.on_day, content, row.by, row.at)


def columns_of(case: Case) -> dict[str, Any]:
    """Give the columns that the events of a case decide about."""
    return {
        "kind": case.kind.value,
        "received_on": case.received_on,
        "section_id": case.section,
        "topic": case.topic,
        "entry_id": case.entry,
        "category": case.category,
        "applicant": case.applicant,
        "stage": case.stage.value,
        "outcome": case.outcome,
        "finished_on": case.finished_on,
        "due_on": case.due_on,
        "quantity": case.quantity,
        "void": case.void,
    }


def _registered(row: Any) -> Registered:
    case = Case(
        kind=CaseKind(row.kind),
        received_on=row.received_on,
        section=row.section_id,
        topic=row.topic,
        entry=row.entry_id,
        category=row.category,
        applicant=row.applicant,
        stage=Stage(row.stage),
        outcome=row.outcome,
        finished_on=row.finished_on,
        due_on=row.due_on,
        quantity=row.quantity,
        void=row.void,
    )
    return Registered(row.id, row.number, row.registered_at, row.registered_by, case)
