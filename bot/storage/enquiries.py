"""The enquiry log: one row for each question put to the bureau."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.enquiries import Enquiry
from bot.desk.messages import Outcome
from bot.storage.tables import enquiries, inbox

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


@dataclass(frozen=True)
class Shape:
    """What enquiries that are counted together have in common; the rest is as it stands here."""

    day: date = date.min
    channel: str = ""
    outcome: Outcome = Outcome.ANSWERED
    topic: str | None = None
    entry: str | None = None
    code: str | None = None


_SHAPES = {
    "day": {"day": e.day},
    "month": {"day": e.day},
    "topic": {"topic": e.topic},
    "item": {"entry": e.entry_id, "code": e.entry_code},
    "outcome": {"outcome": e.outcome},
    "channel": {"channel": e.channel},
}


def shapes(
    connection: Connection, first: date | None, last: date | None, dimension: str
) -> Iterator[tuple[Shape, int]]:
    """Give how many enquiries of each shape there are in these days, told apart by one dimension."""
    columns = _SHAPES[dimension]
    query = sa.select(*columns.values(), sa.func.count()).group_by(*columns.values())
    for *values, count in connection.execute(query.where(*_days(first, last))):
        shape = dict(zip(columns, values, strict=True))
        if "outcome" in shape:
            shape["outcome"] = Outcome(shape["outcome"])
        yield Shape(**shape), count


def number(connection: Connection, first: date | None, last: date | None) -> int:
    """Give how many enquiries there are in these days, both included."""
    query = sa.select(sa.func.count()).select_from(enquiries).where(*_days(first, last))
    return int(connection.execute(query).scalar_one())


def unanswered(
    connection: Connection, first: date, last: date, section: str | None = None
) -> Iterator[tuple[int, str | None]]:
    """Give the questions of these days that have no answer, masked, oldest first; ``None``: text deleted."""
    query = (
        sa.select(e.inbox_id, inbox.c.masked)
        .join(inbox, inbox.c.id == e.inbox_id)
        .where(e.outcome == Outcome.UNANSWERED.value, *_days(first, last))
        .order_by(e.inbox_id)
    )
    if section is not None:
        query = query.where(e.section_id == section)
    for row in connection.execute(query):
        yield row.inbox_id, row.masked


def between(connection: Connection, first: date | None, last: date | None) -> Iterator[Enquiry]:
    """Give the enquiries of these days, both included, in the order they came; never all in memory.

    What the bot thought is left out: it is most of a row, and no list needs it.
    """
    query = sa.select(*(c for c in e if c is not e.explanation)).order_by(e.day, e.inbox_id)
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
    )
