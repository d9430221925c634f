"""What was not answered in time: registered cases, and enquiries handed to staff, due in some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.desk.statistics import Scope
from bot.storage.handoff_tables import handoff_events
from bot.storage.report_tables import register_cases
from bot.storage.tables import handoffs

c, h = register_cases.c, handoffs.c
DONE = ("answered", "closed")
_MARKS = sa.select(handoff_events).where(handoff_events.c.kind == "overdue")


@dataclass(frozen=True)
class Overdue:
    """One overdue case. ``kind`` is a register's, or ``handoff``; ``open``: there is no answer yet."""

    number: str
    kind: str
    section: str | None
    received_on: date
    due_on: date
    open: bool


def overdue_cases(connection: Connection, scope: Scope) -> list[Overdue]:
    """Give registered cases that fell due in these days and were not finished by then."""
    late = sa.func.coalesce(c.finished_on, scope.today) > c.due_on
    query = sa.select(register_cases).where(c.due_on.between(scope.first, scope.last), late, sa.not_(c.void))
    if scope.section is not None:
        query = query.where(c.section_id == scope.section)
    return [
        Overdue(row.number, row.kind, row.section_id, row.received_on, row.due_on, row.finished_on is None)
        for row in connection.execute(query.order_by(c.due_on, c.id))
    ]


def overdue_handoffs(connection: Connection, scope: Scope) -> list[Overdue]:
    """Give enquiries with staff that fell due in these days and had no answer by then.

    One that was late and asked again since, with a limit of its own, still stands for the first (超期留痕).
    """
    rows = {row.id: row for row in connection.execute(_rows(scope))}
    late = {(row.id, row.due_on) for row in rows.values() if _runs(row) and _within(scope, row.due_on)}
    for mark in connection.execute(_MARKS):
        due = date.fromisoformat(mark.data["due"])
        if mark.handoff_id in rows and _within(scope, due):
            late.add((mark.handoff_id, due))
    return [_late(rows[key], due) for key, due in sorted(late, key=lambda one: (one[1], one[0]))]


def _rows(scope: Scope) -> Any:
    """Ask for the handoffs that were late once, and those that are and were not looked at since."""
    waits = sa.and_(h.due_on < scope.today, h.state.not_in(DONE))
    query = sa.select(h.id, h.number, h.section_id, h.state, h.opened_at, h.due_on)
    query = query.where(sa.or_(h.overdue_on.is_not(None), waits))
    return query if scope.section is None else query.where(h.section_id == scope.section)


def _within(scope: Scope, day: date | None) -> bool:
    return day is not None and scope.first <= day <= scope.last


def _runs(row: Any) -> bool:
    return row.state not in DONE


def _late(row: Any, due: date) -> Overdue:
    waits = _runs(row) and row.due_on == due
    return Overdue(row.number, "handoff", row.section_id, local_day(row.opened_at), due, waits)
