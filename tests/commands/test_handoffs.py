"""``handoffs``: staff see what waits, and handle it by the rules, in the enquirer's own chat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.desk.handoffs import CloseOutcome, HandoffState, opened
from bot.storage import conversations, handoffs, outbox
from bot.storage.conversations import Lease, Party
from bot.storage.database import Database
from tests.desk.handoffs.bureau import RULES, START


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.open()
    with database.writing() as connection:
        conversations.meet(connection, Party("webchat", "abc", "sender"), Lease("test", 0.0), 1.0)
        change = opened("ABCD2345", "webchat:abc", None, "asked_for_person", "office", START, RULES)
        handoffs.put(connection, change)
    yield database
    database.close_now()


def said(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(m.author, m.reply.text) for m in outbox.after(connection, "webchat:abc", 0)]


def test_listed_answered_and_closed(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handoffs", "list"]) == 0
    listed = capsys.readouterr().out
    assert "ABCD2345 待接手" in listed
    assert "对方要求人工" in listed
    assert main(["handoffs", "reply", "abcd2345", "您好,已收到。", "--by", "张三"]) == 0
    assert "办理人:张三" in capsys.readouterr().out
    assert said(database)[-1] == ("staff", "您好,已收到。")
    assert main(["handoffs", "close", "ABCD2345", "--by", "张三"]) == 0
    assert said(database)[-1][0] == "bot"
    assert "打分" in said(database)[-1][1]
    capsys.readouterr()
    assert main(["handoffs", "list"]) == 0
    assert "ABCD2345" not in capsys.readouterr().out
    with database.reading() as connection:
        handoff = handoffs.by_number(connection, "ABCD2345")
    assert handoff is not None
    assert (handoff.state, handoff.outcome) == (HandoffState.CLOSED, CloseOutcome.ANSWERED)


def test_claimed_transferred_returned_and_accepted(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["handoffs", "claim", "ABCD2345", "--by", "张三"]) == 0
    assert main(["handoffs", "claim", "ABCD2345", "--by", "李四"]) == 1
    assert "已经有同事接手" in capsys.readouterr().err
    transfer = ["handoffs", "transfer", "ABCD2345", "--by", "张三", "--reason", "投资项目"]
    assert main([*transfer, "--to", "investment"]) == 0
    back = ["handoffs", "return", "ABCD2345", "--by", "王五", "--reason", "不归我科"]
    assert main([*back, "--propose", "personnel"]) == 0
    assert main([*transfer, "--to", "personnel"]) == 0
    assert main(["handoffs", "accept", "ABCD2345", "--by", "赵六"]) == 0
    assert "人事科" in capsys.readouterr().out
    assert main(["handoffs", "show", "ABCD2345"]) == 0
    assert "[退回转办]" in capsys.readouterr().out


def test_what_is_not_there_is_said(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handoffs", "show", "NOSUCHNO"]) == 1
    assert "NOSUCHNO" in capsys.readouterr().err
    assert main(["handoffs", "reply", "ABCD2345", "  "]) == 1
    assert "空" in capsys.readouterr().err
    assert main(["handoffs", "close", "ABCD2345", "--entry", "nothing"]) == 1
    assert "nothing" in capsys.readouterr().err
    assert said(database) == []


def test_what_has_not_arrived_is_shown_with_the_reason(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["handoffs", "reply", "ABCD2345", "可以办。", "--by", "张三"]) == 0
    with database.writing() as connection:
        key = outbox.after(connection, "webchat:abc", 0)[-1].id
        outbox.mark(connection, key, outbox.HELD, 2.0, "对方超过48小时没有来消息")
    capsys.readouterr()
    assert main(["handoffs", "show", "ABCD2345"]) == 0
    assert "没有送到:对方超过48小时没有来消息" in capsys.readouterr().out
