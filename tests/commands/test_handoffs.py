"""``handoffs``: staff see what waits, and answer in the enquirer's own chat."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.desk.clocks import Clock
from bot.desk.handoffs import Handoff
from bot.storage import conversations, handoffs, outbox
from bot.storage.conversations import Lease, Party
from bot.storage.database import Database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.open()
    with database.writing() as connection:
        conversations.meet(connection, Party("webchat", "abc", "sender"), Lease("test", 0.0), 1.0)
        clock = Clock("", date(1970, 1, 1))
        one = Handoff("ABCD2345", "webchat:abc", None, "asked_for_person", "office", 1.0, clock)
        handoffs.put(connection, one)
    yield database
    database.close_now()


def test_listed_answered_and_closed(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handoffs", "list"]) == 0
    assert "ABCD2345" in capsys.readouterr().out
    assert main(["handoffs", "reply", "abcd2345", "您好,已收到。"]) == 0
    with database.reading() as connection:
        (message,) = outbox.after(connection, "webchat:abc", 0)
    assert (message.author, message.reply.text) == ("staff", "您好,已收到。")
    assert main(["handoffs", "close", "ABCD2345"]) == 0
    capsys.readouterr()
    assert main(["handoffs", "list"]) == 0
    assert "ABCD2345" not in capsys.readouterr().out


def test_what_is_not_there_is_said(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handoffs", "show", "NOSUCHNO"]) == 1
    assert "NOSUCHNO" in capsys.readouterr().err
    assert main(["handoffs", "reply", "ABCD2345", "  "]) == 1
    assert "空" in capsys.readouterr().err
