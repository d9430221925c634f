"""Corrections: what an enquiry was stays on record, and who asked when is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from bot.desk.errors import StorageError
from bot.storage import conversations, corrections, enquiries
from bot.storage.conversations import Lease, Party
from bot.storage.database import Database
from bot.storage.moments import Moment
from bot.storage.tables import enquiries as table
from bot.storage.tables import inbox
from tests.reports.test_enquiries import enquiry

AT = 1_767_225_600.0  # 2026-01-01 08:00 in Beijing


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        conversations.meet(connection, Party("webchat", "x", "sender"), Lease("test", 0.0), AT)
        values = {"id": 7, "conversation_id": "webchat:x", "message_id": "1", "kind": "text", "digest": ""}
        connection.execute(
            sa.insert(inbox), {**values, "sent_at": AT, "received_at": AT, "state": "done", "finished_at": AT}
        )
        enquiries.put(
            connection,
            enquiry(7, AT, enquiries.Outcome.HANDED_OFF, ("hotline", "wages", "h08"), "webchat"),
        )
    yield database
    database.close_now()


def correct(database: Database, **changes: object) -> bool:
    with database.writing() as connection:
        return corrections.correct_enquiry(
            connection, 7, changes, by="zhang", reason="办结时更正", at=AT + 60
        )


def test_what_it_was_is_kept(database: Database) -> None:
    assert correct(database, outcome="answered", topic="services")
    assert not correct(database, outcome="answered")
    with database.reading() as connection:
        (row,) = connection.execute(sa.select(table)).all()
        assert (row.outcome, row.topic, row.entry_id) == ("answered", "services", "wages")
        day = date(2026, 1, 1)
        (kept,) = corrections.after(connection, day, day, Moment(AT))
        assert kept.old == {"outcome": "handed_off", "topic": "hotline"}
        assert kept.new == {"outcome": "answered", "topic": "services"}
        assert list(corrections.after(connection, day, day, Moment(AT + 60))) == []


def test_what_may_not_be_corrected_is_refused(database: Database) -> None:
    for changes in ({"at": 1.0}, {"enquirer": "y"}, {"outcome": "small_talk"}, {"outcome": "nonsense"}):
        with pytest.raises(StorageError):
            correct(database, **changes)
    with database.writing() as connection, pytest.raises(StorageError, match="no enquiry 8"):
        corrections.correct_enquiry(connection, 8, {"outcome": "answered"}, by="x", reason="x", at=AT)
