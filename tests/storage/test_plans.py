"""Tests that the statements of a turn find their rows by an index, however long a conversation is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage import conversations, inbox, outbox, transcripts
from bot.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    opened.open()
    yield opened
    opened.close_now()


STATEMENTS = [
    conversations._MEET,
    conversations._LEASE,
    conversations._END,
    conversations._END_AND_SEND,
    conversations._RELEASE,
    inbox._FIND,
    inbox._NEXT,
    inbox._FINISH,
    inbox._RESULT,
    inbox._NEGLECTED,
    inbox._BACKLOG,
    outbox._AFTER,
    outbox._DUE,
    outbox._ACKNOWLEDGE,
    outbox._ANSWERED,
    outbox._BEGIN,
    outbox._MARK,
    outbox._LEAVE,
    outbox._FLUSH,
    outbox._CONVERSATION,
    conversations._ALLOW,
    conversations._SPEND,
    outbox._NEGLECTED,
    outbox._UNSENT,
    outbox._DOUBTFUL,
    transcripts._ASKED,
    transcripts._SAID,
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_reads_a_whole_table(database: Database, statement: Any) -> None:
    compiled = statement.compile(dialect=database.engine.dialect)
    values = compiled.construct_params(dict.fromkeys(compiled.params))
    with database.writing() as connection:
        names = compiled.positiontup or ()
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(map(values.get, names)))
        steps = [row.detail for row in plan]
    # A scan is all right where it goes over an index of the few rows that are not done with.
    whole = [s for s in steps if s.startswith("SCAN") and "USING" not in s and "(subquery" not in s]
    assert whole == []


def test_the_plan_of_a_scan_would_be_noticed(database: Database) -> None:
    with database.writing() as connection:
        plan = connection.execute(sa.text("EXPLAIN QUERY PLAN SELECT * FROM outbox WHERE text = 'x'"))
        assert [row.detail for row in plan] == ["SCAN outbox"]
