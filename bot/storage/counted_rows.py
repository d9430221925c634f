"""Gives the rows behind the figures as they are, or as they were at a moment: for the second count."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.desk.handoffs.history import standing
from bot.desk.statistics import Scope
from bot.storage import corrections, register
from bot.storage.handoff_tables import handoff_events
from bot.storage.handoffs import event_of
from bot.storage.moments import Moment
from bot.storage.report_tables import register_cases
from bot.storage.tables import enquiries, handoffs, inbox

_AT_ONCE = 2000
_CHANGED = sa.select(handoffs.c.opened_at).join(handoff_events, handoff_events.c.handoff_id == handoffs.c.id)
_COLUMNS = (
    "inbox_id", "conversation_id", "channel", "enquirer", "at", "day", "topic", "entry_id", "entries",
    "facets", "outcome", "response_ms", "section_id",
)  # fmt: skip


def rows(connection: Connection, population: str, scope: Scope) -> Iterator[dict[str, Any]]:
    """Give the rows of the days of a scope as they are now, a few in memory at a time."""
    if population == "enquiries":
        query = sa.select(*(enquiries.c[name] for name in _COLUMNS))
        return _stream(connection, query.where(enquiries.c.day.between(scope.first, scope.last)))
    if population == "handoffs":
        return _stream(connection, sa.select(handoffs))
    query = sa.select(register_cases).where(register_cases.c.received_on.between(scope.first, scope.last))
    return _stream(connection, query)


def rows_as_of(
    connection: Connection, population: str, scope: Scope, moment: Moment
) -> Iterator[dict[str, Any]]:
    """Give the rows as they stood at a moment; of cases and handoffs those of other days as well."""
    if population == "enquiries":
        return enquiries_as_of(connection, scope, moment)
    if population == "handoffs":
        return handoffs_as_of(connection, moment)
    return register.cases_as_of(connection, moment)


def changes_after(connection: Connection, population: str, scope: Scope, moment: Moment) -> int:
    """Give how often the rows of these days were changed later than a moment."""
    if population == "enquiries":
        return sum(1 for _ in corrections.after(connection, scope.first, scope.last, moment))
    if population == "cases":
        return register.events_after(connection, scope, moment)
    opened = connection.execute(_CHANGED.where(moment.after(handoff_events))).scalars()
    return sum(scope.first <= local_day(at) <= scope.last for at in opened)


def handoffs_as_of(connection: Connection, moment: Moment) -> Iterator[dict[str, Any]]:
    """Give the handoffs as their events until a moment tell them, whatever the table says."""
    query = sa.select(handoff_events).where(moment.before(handoff_events))
    query = query.order_by(handoff_events.c.handoff_id, handoff_events.c.id)
    for _, mine in groupby(_stream(connection, query), itemgetter("handoff_id")):
        told = standing(event_of(row) for row in mine)
        names = ("opened_at", "reason", "state", "transfers", "overdue_on", "first_answered_at", "outcome")
        named = {name: getattr(told, name) for name in (*names, "satisfaction")}
        yield {**named, "section_id": told.section, "due_on": told.due}


def enquiries_as_of(connection: Connection, scope: Scope, moment: Moment) -> Iterator[dict[str, Any]]:
    """Give the enquiries of the days of a scope as they stood at a moment, later corrections undone."""
    undone: dict[int, dict[str, Any]] = {}
    for correction in corrections.after(connection, scope.first, scope.last, moment):
        undone.setdefault(correction.enquiry, {}).update(correction.old)  # newest first: the oldest holds
    query = (
        sa.select(*(enquiries.c[name] for name in _COLUMNS))
        .join(inbox, inbox.c.id == enquiries.c.inbox_id)
        .where(enquiries.c.day.between(scope.first, scope.last), inbox.c.finished_at <= moment.at)
    )
    for row in _stream(connection, query):
        yield {**row, **undone.get(row["inbox_id"], {})}


def _stream(connection: Connection, query: Any) -> Iterator[dict[str, Any]]:
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
    for part in streamed.execute(query).partitions(_AT_ONCE):
        for row in part:
            yield dict(row._mapping)
