"""Gives the rows behind the figures as they are, or as they were at a moment: for the second count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.statistics import Scope
from bot.storage import corrections
from bot.storage.report_tables import register_cases
from bot.storage.tables import enquiries, handoffs, inbox

_AT_ONCE = 2000
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


def enquiries_as_of(connection: Connection, scope: Scope, at: float) -> Iterator[dict[str, Any]]:
    """Give the enquiries of the days of a scope as they stood at a moment, later corrections undone."""
    undone: dict[int, dict[str, Any]] = {}
    for correction in corrections.after(connection, scope.first, scope.last, at):
        undone.setdefault(correction.enquiry, {}).update(correction.old)  # newest first: the oldest holds
    query = (
        sa.select(*(enquiries.c[name] for name in _COLUMNS))
        .join(inbox, inbox.c.id == enquiries.c.inbox_id)
        .where(enquiries.c.day.between(scope.first, scope.last), inbox.c.finished_at <= at)
    )
    for row in _stream(connection, query):
        yield {**row, **undone.get(row["inbox_id"], {})}


def _stream(connection: Connection, query: Any) -> Iterator[dict[str, Any]]:
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
    for part in streamed.execute(query).partitions(_AT_ONCE):
        for row in part:
            yield dict(row._mapping)
