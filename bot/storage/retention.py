"""Deletes personal data that is old enough, a few rows at a time; what was counted stays counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.storage.engine import is_sqlite
from bot.storage.forgetting import forget
from bot.storage.report_tables import register_cases, register_people
from bot.storage.tables import IS_OPEN, conversations, handoffs, inbox

c, i, p = conversations.c, inbox.c, register_people.c
AT_ONCE = 200
_TYPED = i.text.is_not(None)
_SOMETHING_SAID = sa.exists().where(i.conversation_id == c.id, i.masked.is_not(None))
_OPEN_HANDOFF = sa.exists().where(handoffs.c.conversation_id == c.id, IS_OPEN)


def clear_typed(connection: Connection, before: float) -> int:
    """Delete what was typed, unmasked, in messages that were answered before a moment; gives how many."""
    old = sa.select(i.id).where(_TYPED, i.finished_at < before).limit(AT_ONCE)
    keys = list(connection.execute(old).scalars())
    if keys:
        connection.execute(sa.update(inbox).where(i.id.in_(keys)).values(text=None))
    return len(keys)


def old_conversations(connection: Connection, before: float) -> Sequence[str]:
    """Give conversations in which nothing was said since a moment, and of which something is still kept."""
    query = (
        sa.select(c.id)
        .where(c.last_at < before, sa.or_(c.sender.is_not(None), _SOMETHING_SAID), sa.not_(_OPEN_HANDOFF))
        .order_by(c.last_at)
        .limit(AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def forget_old(connection: Connection, before: float, now: float) -> int:
    """Delete all that is personal in some old conversations; gives how many."""
    found = old_conversations(connection, before)
    for conversation in found:
        forget(connection, conversation, now)
    return len(found)


def clear_identities(connection: Connection, before: date) -> int:
    """Delete the proofs of identity of cases that were finished before a day; gives how many."""
    rows = sa.and_(p.identity.is_not(None), p.case_id.in_(_finished(before)))
    return int(connection.execute(sa.update(register_people).where(rows).values(identity=None)).rowcount)


def clear_people(connection: Connection, before: date) -> int:
    """Delete who is behind cases that were finished before a day; gives how many."""
    rows = p.case_id.in_(_finished(before))
    return int(connection.execute(sa.delete(register_people).where(rows)).rowcount)


def forget_case(connection: Connection, number: str) -> bool:
    """Delete who is behind one case. ``False``: nothing of them is kept."""
    keys = sa.select(register_cases.c.id).where(register_cases.c.number == number)
    return bool(connection.execute(sa.delete(register_people).where(p.case_id.in_(keys))).rowcount)


def conversation_of(connection: Connection, receipt: str) -> str | None:
    """Give the conversation in which this receipt number was told."""
    query = sa.select(handoffs.c.conversation_id).where(handoffs.c.number == receipt)
    found = connection.execute(query).scalar()
    return None if found is None else str(found)


def wipe(engine: Engine) -> None:
    """Take what was deleted out of the files too: from SQLite's log, and from PostgreSQL's dead rows.

    SQLite overwrites deleted text in place (``secure_delete``). PostgreSQL gives the space free; copies in
    its write-ahead log and in backups last as long as those are kept.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_sqlite(engine):
            connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return
        for table in ("inbox", "outbox", "conversations", "enquiries", "register_people"):
            connection.exec_driver_sql(f"VACUUM {table}")


def _finished(before: date) -> sa.sql.Select:
    return sa.select(register_cases.c.id).where(register_cases.c.finished_on < before)
