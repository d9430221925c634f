"""Tests of bot.gateway.fallback: what is said while no brain is to be had."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from bot.desk.errors import CatalogueError
from bot.desk.handoffs import ASSISTANT_FAILED
from bot.desk.messages import Outcome, Reply, TurnResult
from bot.desk.turns import PendingTurn
from bot.gateway.fallback import Answer, Fallback
from bot.gateway.topics import Promise, Topics
from tests.samples import BUREAU, catalogue
from tests.support.gateways import PROMISE, rows, running

TURN = PendingTurn(1, "push:x", "push", "x", "m1", "备案", 1.0, 1.0, "me#1", {"n": 1})


def topics() -> Topics:
    known = catalogue()
    return Topics(lambda: known, PROMISE)


def found(text: str, context: Mapping[str, Any], receipt: str) -> TurnResult:
    said = Reply(f"{text} {context} {receipt}")
    return TurnResult(Outcome.ANSWERED, (said,), ("s01",), context={"n": 2}, explanation={"score": 0.7})


async def test_the_search_answers_with_text_context_and_number() -> None:
    result = await Fallback(topics(), found).answer(TURN, "late")
    assert result.replies[0].text.startswith("备案 {'n': 1} ")
    assert result.explanation == {"score": 0.7, "by": "search", "cause": "late"}
    assert result.context == {"n": 2}


def fail(error: Exception) -> Answer:
    def answer(text: str, context: Mapping[str, Any], receipt: str) -> TurnResult:
        raise error

    return answer


def slow(text: str, context: Mapping[str, Any], receipt: str) -> TurnResult:
    time.sleep(1)
    return found(text, context, receipt)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        lambda *_: None,
        lambda *a: replace(found(*a), replies=()),
        fail(CatalogueError("x")),
        fail(ZeroDivisionError()),
        slow,
    ],
)
async def test_without_an_answer_staff_are_promised(answer: Answer | None) -> None:
    result = await Fallback(topics(), answer, patience=0.2).answer(TURN, "unreachable")
    assert result.outcome is Outcome.HANDED_OFF
    assert result.hand_off == ASSISTANT_FAILED
    assert result.context == {"n": 1}
    assert result.explanation == {"by": "promise", "cause": "unreachable"}
    assert "办公室" in result.replies[0].text
    assert "0558-2264104" in result.replies[0].text


def test_a_bureau_without_a_telephone_promises_without_one() -> None:
    known = replace(catalogue(), bureau=replace(BUREAU, phone=None))
    promise = Topics(lambda: known, Promise("已收下,回执号:{receipt};着急请打 {phone}。", "")).promise(
        "N", True
    )
    assert "N" in promise
    assert "None" not in promise
    assert "打" not in promise
    assert promise.endswith("。")


async def test_with_every_brain_gone_messages_are_answered_from_the_search(
    database_url: str, tmp_path: Path
) -> None:
    nobody = f"http://127.0.0.1:{unused_port()}"
    async with running(database_url, tmp_path, [nobody], answer=found) as desk:
        result = await desk.tell("备案", "m1")
        assert result.outcome is Outcome.ANSWERED
        (enquiry,) = rows(desk.gateway.database, "enquiries")
        assert (enquiry.entry_code, enquiry.explanation["by"]) == ("s01", "search")
        assert rows(desk.gateway.database, "handoffs") == []


async def test_with_nothing_left_one_handoff_is_opened_and_its_number_told(
    database_url: str, tmp_path: Path
) -> None:
    nobody = f"http://127.0.0.1:{unused_port()}"
    async with running(database_url, tmp_path, [nobody]) as desk:
        first = await desk.tell("备案", "m1")
        second = await desk.tell("还在吗", "m2")
        (handoff,) = rows(desk.gateway.database, "handoffs")
        assert handoff.reason == ASSISTANT_FAILED
        assert handoff.number in first.replies[0].text
        assert handoff.number in second.replies[0].text
        assert len(first.replies) == len(second.replies) == 1
        assert [e.outcome for e in rows(desk.gateway.database, "enquiries")] == ["handed_off"] * 2


@pytest.mark.parametrize("trouble", ["!sleep 9", "!status 500", '!raw {"outcome":"answered","replies":[]}'])
async def test_whatever_a_brain_does_somebody_is_answered(
    database_url: str, brain_url: str, tmp_path: Path, trouble: str
) -> None:
    async with running(database_url, tmp_path, [brain_url], BOT_BRAIN_BUDGET="0.3") as desk:
        began = time.monotonic()
        result = await desk.tell(trouble, "m1")
        assert result.outcome is Outcome.HANDED_OFF
        assert time.monotonic() - began < 2
        assert (await desk.tell("好了吗", "m2")).outcome is Outcome.ANSWERED
