"""The audit log: appended to in the transaction of the deed itself, and verified by a command."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.desk.audit import Break, Deed, Digest, Row, first_break, seal_of
from bot.storage.account_tables import audit_head, audit_log

a, head = audit_log.c, audit_head.c
_AT_ONCE = 1000
# SQLAlchemy 1.4 knows no RETURNING on SQLite.
_NEXT = sa.text("UPDATE audit_head SET number = number + 1 WHERE id = 1 RETURNING number, seal")
_SEAL = sa.update(audit_head).values(seal=bindparam("new_seal"))
_PUT = sa.insert(audit_log)
_HEAD = sa.select(head.number, head.seal)
_ALL = sa.select(audit_log).order_by(a.number)


def append(connection: Connection, deed: Deed, now: float, digest: Digest) -> int:
    """Append a row and give its number. The head's row is locked, so that writers stand in line."""
    number, before = connection.execute(_NEXT).one()
    detail = json.dumps(deed.detail, ensure_ascii=False, sort_keys=True)
    row = Row(number, now, deed.actor, deed.role, deed.action, deed.subject[:128], detail, "")
    row = replace(row, seal=seal_of(digest, before, row))
    connection.execute(_PUT, vars(row))
    connection.execute(_SEAL, {"new_seal": row.seal})
    return int(number)


def head_of(connection: Connection) -> tuple[int, str]:
    """Give number and seal of the last row; ``(0, "")`` when there is none."""
    number, seal = connection.execute(_HEAD).one()
    return number, seal


def verify(connection: Connection, digest: Digest, noted: tuple[int, str] | None = None) -> Break | None:
    """Give the first break in the chain; ``noted`` is a head written down earlier: it must still stand."""
    if noted and noted[0]:
        seal = connection.execute(sa.select(a.seal).where(a.number == noted[0])).scalar()
        if seal != noted[1]:
            return Break(noted[0], "head" if seal is None else "changed")
    return first_break(digest, _rows(connection), head_of(connection))


def _rows(connection: Connection) -> Iterator[Row]:
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
    for rows in streamed.execute(_ALL).partitions(_AT_ONCE):
        yield from map(_row, rows)


def page(connection: Connection, before: int | None, most: int, filters: Mapping[str, str]) -> list[Row]:
    """Give the newest rows below ``before``; ``actor``, ``action`` and ``subject`` narrow them down."""
    query = sa.select(audit_log).order_by(a.number.desc()).limit(most)
    if before is not None:
        query = query.where(a.number < before)
    for name in ("actor", "action", "subject"):
        if filters.get(name):
            query = query.where(a[name] == filters[name])
    return [_row(row) for row in connection.execute(query)]


def actions(connection: Connection) -> list[str]:
    """Give the actions that occur."""
    return sorted(connection.execute(sa.select(a.action).distinct()).scalars())


def _row(row: Any) -> Row:
    return Row(row.number, row.at, row.actor, row.role, row.action, row.subject, row.detail, row.seal)
