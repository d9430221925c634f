"""What was not answered in time: registered cases, and enquiries handed to staff, due in some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.desk.statistics import Scope
from bot.storage.report_tables import register_cases
from bot.storage.tables import handoffs

c, h = register_cases.c, handoffs.c


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
    """Give enquiries with staff that fell due in these days and had no answer by then."""
    query = sa.select(handoffs).where(h.due_on.between(scope.first, scope.last))
    if scope.section is not None:
        query = query.where(h.section_id == scope.section)
    found = []
    for row in connection.execute(query.order_by(h.due_on, h.id)):
        answered = None if row.first_answered_at is None else local_day(row.first_answered_at)
        if (answered or scope.today) > row.due_on:
            began = row.received_on or local_day(row.opened_at)
            open_ = answered is None
            found.append(Overdue(row.number, "handoff", row.section_id, began, row.due_on, open_))
    return found
