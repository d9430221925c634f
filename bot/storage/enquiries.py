"""The enquiry log: one row for each question put to the bureau."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import Enquiry
from bot.desk.messages import Outcome
from bot.storage.tables import enquiries

e = enquiries.c
_PUT = sa.insert(enquiries)
_AT_ONCE = 500


def put(connection: Connection, enquiry: Enquiry) -> None:
    """Log an enquiry. Its id is that of the message, so a second row for it is refused by the database."""
    connection.execute(
        _PUT,
        {
            "inbox_id": enquiry.id,
            "conversation_id": enquiry.conversation,
            "channel": enquiry.channel,
            "enquirer": enquiry.enquirer,
            "at": enquiry.at,
            "day": enquiry.day,
            "topic": enquiry.topic,
            "entry_id": enquiry.entry,
            "entry_code": enquiry.code,
            "entries": list(enquiry.entries),
            "facets": list(enquiry.facets),
            "outcome": enquiry.outcome.value,
            "confidence": enquiry.confidence,
            "response_ms": enquiry.response_ms,
            "continues": enquiry.continues,
            "section_id": enquiry.section,
            "explanation": enquiry.explanation,
        },
    )


def between(connection: Connection, first: date | None, last: date | None) -> Iterator[Enquiry]:
    """Give the enquiries of these days, both included, in the order they came; never all in memory."""
    query = sa.select(enquiries).order_by(e.day, e.inbox_id)
    for condition in _days(first, last):
        query = query.where(condition)
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
    for rows in streamed.execute(query).partitions(_AT_ONCE):
        yield from map(_enquiry, rows)


def _days(first: date | None, last: date | None) -> list[Any]:
    conditions = []
    if first is not None:
        conditions.append(e.day >= first)
    if last is not None:
        conditions.append(e.day <= last)
    return conditions


def _enquiry(row: Any) -> Enquiry:
    return Enquiry(
        id=row.inbox_id,
        conversation=row.conversation_id,
        channel=row.channel,
        enquirer=row.enquirer,
        at=row.at,
        outcome=Outcome(row.outcome),
        response_ms=row.response_ms,
        topic=row.topic,
        entry=row.entry_id,
        code=row.entry_code,
        entries=tuple(row.entries),
        facets=tuple(row.facets),
        confidence=row.confidence,
        continues=row.continues,
        section=row.section_id,
        explanation=row.explanation,
    )
