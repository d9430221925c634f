"""Registers cases and their steps: checks what the law and the register ask, then writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from bot.desk import applications
from bot.desk.applications import Law
from bot.desk.masking import mask
from bot.desk.register import Case, CaseKind, Event, RegisterError, Step, after, check, check_registration
from bot.storage import register
from bot.storage.register import Person, Registered


@dataclass(frozen=True)
class Clerk:
    """Who writes into the register, and when: ``at`` in seconds since the epoch, UTC, ``today`` in Beijing.

    ``section``: only cases of this section may be touched; ``None`` for the office, which sees all.
    """

    by: str
    at: float
    today: date
    section: str | None = None


def register_case(
    connection: Connection,
    kind: CaseKind,
    received: date,
    content: Mapping[str, Any],
    person: Person,
    clerk: Clerk,
    law: Law,
) -> str:
    """Register a case and give its number. Raises ``RegisterError``."""
    event = Event(Step.REGISTERED, received, {"kind": kind.value, **_masked(content)}, clerk.by, clerk.at)
    check_registration(kind, event, clerk.today)
    if kind is CaseKind.APPLICATION:
        applications.check_application(event)
        event = _with_due([], event, law)
    return register.register(connection, event, person)


def take_step(
    connection: Connection,
    number: str,
    step: Step,
    day: date,
    content: Mapping[str, Any],
    clerk: Clerk,
    law: Law,
) -> Case:
    """Append a step to a case and give the case after it. Raises ``RegisterError``."""
    found = _found(connection, number, clerk)
    event = Event(step, day, _masked(content), clerk.by, clerk.at)
    if day > clerk.today:
        raise RegisterError("in the future", "步骤日期不能晚于今天。")
    check(found.case, event)
    if found.case.kind is CaseKind.APPLICATION:
        events = register.events_of(connection, found.id)
        applications.check_step(found.case, events, event, law)
        if step is Step.CORRECTION_ASKED and applications.late_correction(found.case, event, law):
            event = replace(event, content={**event.content, "late": True})
        event = _with_due(events, event, law)
    elif step not in (Step.AMENDED, Step.ANSWERED, Step.VOIDED):
        raise RegisterError("not an application", "只有政府信息公开申请才有这一步。")
    case = after(found.case, event)
    register.add(connection, found.id, event, case)
    return case


def bring_up_to_date(connection: Connection, clerk: Clerk, law: Law) -> int:
    """Note the last day of applications whose calendar was not known before; gives how many there were."""
    count = 0
    for found in list(register.every(connection, CaseKind.APPLICATION)):
        if found.case.due_on is not None or found.case.finished_on is not None:
            continue
        events = register.events_of(connection, found.id)
        due = applications.due_after(events, law)
        if due is not None:
            event = Event(Step.CALENDAR, events[-1].day, {"due": due.isoformat()}, clerk.by, clerk.at)
            register.add(connection, found.id, event, after(found.case, event))
            count += 1
    return count


def _found(connection: Connection, number: str, clerk: Clerk) -> Registered:
    found = register.by_number(connection, number, lock=True)
    if found is None or (clerk.section is not None and found.case.section != clerk.section):
        raise RegisterError(f"no case {number}", f"登记簿里没有编号为 {number} 的件,或者不属于本科室。")
    return found


def _with_due(events: list[Event], event: Event, law: Law) -> Event:
    due = applications.due_after([*events, event], law)
    if event.step in (Step.ANSWERED, Step.VOIDED) and events:
        return event  # the limit that was kept, or not, stays what it was
    return replace(event, content={**event.content, "due": due.isoformat() if due else None})


def _masked(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mask(value) if isinstance(value, str) else value for name, value in content.items()}
