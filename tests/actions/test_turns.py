"""The custom actions, run by Rasa's own executor over the real catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

import bot.live
from actions.answer import ActionAnswer
from actions.log_enquiry import ActionLogEnquiry


@pytest.fixture
def executor(monkeypatch: pytest.MonkeyPatch) -> ActionExecutor:
    monkeypatch.setenv("BOT_ALLOW_SAMPLES", "1")
    bot.live.live_search.cache_clear()
    executor = ActionExecutor()
    executor.register_action(ActionAnswer())
    executor.register_action(ActionLogEnquiry())
    yield executor
    bot.live.live_search.cache_clear()


async def run(executor: ActionExecutor, action: str, text: str, slots: dict[str, Any]) -> dict[str, Any]:
    message = {"text": text, "message_id": "m1", "metadata": {"receipt": "ABCD2345"}}
    tracker = {"sender_id": "t", "slots": slots, "latest_message": message, "events": [], "paused": False}
    call = {"next_action": action, "sender_id": "t", "tracker": tracker, "domain": {}}
    result = await executor.run(call)
    assert result is not None
    return dict(result)


async def test_answers_and_remembers(executor: ActionExecutor) -> None:
    first = await run(executor, "action_answer", "首台套要什么材料", {})
    slots = {e["name"]: e["value"] for e in first["events"]}
    assert slots["turn"]["entries"] == ["s10"]
    assert slots["turn"]["facets"] == ["materials"]
    assert "查新报告" in first["responses"][0]["text"]
    second = await run(executor, "action_answer", "那要多久", slots)
    turn = next(e["value"] for e in second["events"] if e["name"] == "turn")
    assert turn["entries"] == ["s10"]
    assert turn["facets"] == ["time_limit"]


async def test_the_record_goes_to_the_gateway(executor: ActionExecutor) -> None:
    record = {"outcome": "answered", "entries": ["s10"]}
    logged = await run(executor, "action_log_enquiry", "x", {"turn": record})
    assert logged["responses"][0]["custom"] == {"turn": record}
    again = await run(executor, "action_log_enquiry", "x", {"turn": record})
    assert again == logged
