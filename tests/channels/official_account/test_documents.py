"""Tests that what the documents say of both interfaces of the gateway is what it does."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from bot.channels.official_account.api import Api
from bot.channels.official_account.calls import Calls
from bot.channels.official_account.memory_notes import MemoryNotes
from bot.channels.official_account.options import WECHAT, Account, Mode
from bot.desk.messages import Outcome
from bot.desk.turns import PendingTurn
from bot.gateway.brain_protocol import read_answer, write_request

ROOT = Path(__file__).parents[3]
PAGES = ["README.md", "docs/official_account.md"]


def examples(page: str) -> list[dict[str, Any]]:
    """Give the JSON that stands in a page: one object a block, or one a line."""
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    return [found for block in blocks for found in _objects(block)]


def _objects(block: str) -> list[dict[str, Any]]:
    try:
        return [json.loads(block)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in block.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_a_brain_is_asked_as_the_page_shows(page: str) -> None:
    (asked,) = (found for found in examples(page) if "conversation" in found)
    turn = PendingTurn(
        1,
        asked["conversation"],
        asked["channel"],
        "x",
        asked["message_id"],
        asked["text"],
        asked["sent_at"],
        2.0,
        "lease",
        asked["context"],
    )
    assert json.loads(write_request(turn, asked["receipt"])) == asked


@pytest.mark.parametrize("page", PAGES)
def test_an_answer_as_the_page_shows_is_understood(page: str) -> None:
    (answer,) = (found for found in examples(page) if "outcome" in found)
    result = read_answer(json.dumps(answer).encode(), {})
    assert [reply.text for reply in result.replies] == [reply["text"] for reply in answer["replies"]]
    assert (list(result.entries), result.confidence) == (answer["entries"], answer["confidence"])


def test_the_readme_names_every_outcome() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [outcome for outcome in Outcome if f"`{outcome.value}`" not in text] == []


class Recorder(Calls):
    """Writes down what would have gone over the line."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9", 1.0)
        self.bodies: list[dict[str, Any]] = []

    async def post(self, path: str, body: dict[str, Any], **query: str) -> dict[str, Any]:
        """Take down the body."""
        self.bodies.append(body)
        return {"access_token": "t", "expires_in": 7200, "errcode": 0}


async def test_the_platform_is_called_as_the_pages_show() -> None:
    calls = Recorder()
    account = Account(WECHAT, Mode.PLAIN, "token", "wx0123456789abcdef", "…")
    api = Api(account, calls, MemoryNotes(time.time), "me", time.time)
    await api.send_text("oUser1", "1. 企业基本情况……")
    await api.send_menu("oUser1", "请评价", ("5分 非常满意",))
    await api.typing("oUser1")
    await api.notice("oUser1", "TEMPLATE", None, {"thing1": "您的咨询已有答复"})
    await api.send_text("oUser0000000000000000000001", "1. 企业基本情况……")
    shown = [found for page in reversed(PAGES) for found in examples(page)]
    assert calls.bodies == [
        found for found in shown if "outcome" not in found and "conversation" not in found
    ]


def test_every_test_that_the_table_names_is_there() -> None:
    table = (ROOT / "docs/official_account.md").read_text("utf-8").split("## What is promised")[1]
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`|`…::(\w+)`", table)
    assert len(named) > 30
    page = ""
    for path, test, more in named:
        page = path or page
        if page == "door.py":
            continue
        folder = ROOT / "tests" / ("" if page.startswith(("faults", "bench", "console")) else "channels")
        text = (folder / page).read_text("utf-8")
        assert not (test or more) or f"def {test or more}(" in text, (page, test or more)
