"""Tests of bot.gateway.brain_protocol: a brain's answer is taken whole or not at all."""

from __future__ import annotations

import json
import re
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import BrainError
from bot.desk.messages import Outcome, QuickReply, Reply, TurnResult
from bot.desk.turns import PendingTurn
from bot.gateway.brain_protocol import read_answer, write_request

GOOD: dict[str, Any] = {"outcome": "answered", "replies": [{"text": "答"}]}


def read(**changes: Any) -> TurnResult:
    return read_answer(json.dumps({**GOOD, **changes}).encode(), {"kept": 1})


def test_outcome_and_replies_are_enough() -> None:
    assert read() == TurnResult(Outcome.ANSWERED, (Reply("答"),), context={"kept": 1})


def test_everything_is_read() -> None:
    result = read(
        replies=[{"text": " 答 ", "quick_replies": [{"title": "费用", "payload": "收费吗"}], "later": 1}],
        entries=["s01", "s01", "s02"],
        facets=["fee"],
        confidence=1,
        context={},
        explanation={"a": [1]},
        hand_off="complaint",
        later={"unknown": True},
    )
    assert result == TurnResult(
        Outcome.ANSWERED,
        (Reply("答", (QuickReply("费用", "收费吗"),)),),
        ("s01", "s02"),
        ("fee",),
        1.0,
        {},
        {"a": [1]},
        "complaint",
    )


def test_an_outcome_that_promises_staff_has_a_reason() -> None:
    assert read(outcome="handed_off").hand_off == "requested"


def test_a_long_reply_is_split_and_keeps_its_buttons_at_the_end() -> None:
    buttons = [{"title": "a", "payload": "b"}]
    result = read(replies=[{"text": "这是一句很长的话。" * 200, "quick_replies": buttons}])
    assert len(result.replies) > 1
    assert all(len(reply.text.encode()) <= 2048 for reply in result.replies)
    assert [bool(reply.quick_replies) for reply in result.replies][-1]
    assert "".join(reply.text for reply in result.replies) == "这是一句很长的话。" * 200


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "done"},
        {"outcome": None},
        {"outcome": ["answered"]},
        {"replies": []},
        {"replies": None},
        {"replies": "答"},
        {"replies": [{}]},
        {"replies": [{"text": ""}]},
        {"replies": [{"text": " \x00 "}]},
        {"replies": [{"text": 5}]},
        {"replies": ["答"]},
        {"replies": [{"text": "x"}] * 21},
        {"replies": [{"text": "a\ud800"}]},
        {"replies": [{"text": "a", "quick_replies": {}}]},
        {"replies": [{"text": "a", "quick_replies": [{"title": "x"}]}]},
        {"replies": [{"text": "a", "quick_replies": [{"title": "", "payload": "y"}]}]},
        {"entries": "s01"},
        {"entries": [1]},
        {"facets": [""]},
        {"confidence": "high"},
        {"confidence": True},
        {"confidence": 1.5},
        {"confidence": -0.1},
        {"confidence": float("nan")},
        {"context": []},
        {"context": {"big": "x" * 70000}},
        {"explanation": "x"},
        {"hand_off": ""},
        {"hand_off": 1},
        {"hand_off": "x" * 65},
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BrainError):
        read(**changes)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 100000, b'{"outcome":NaN}'])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(BrainError):
        read_answer(raw, {})


def test_the_examples_of_the_document_are_right() -> None:
    document = (Path(__file__).parents[2] / "docs" / "brain.md").read_text(encoding="utf-8")
    request, answer = (json.loads(found) for found in re.findall(r"```json\n(.*?)```", document, re.DOTALL))
    turn = PendingTurn(1, "webchat:x", "webchat", "x", "m", "问", 1.0, 2.0, "me#1")
    assert set(request) == set(json.loads(write_request(turn, "NUMBER")))
    result = read_answer(json.dumps(answer).encode(), {})
    assert result.entries == ("s01",)
    # A rating is never a brain's: the gateway knows it by itself.
    assert set(answer) | {"rating"} == {field.name for field in fields_of(TurnResult)}
    assert [outcome for outcome in Outcome if f"`{outcome.value}`" not in document] == []


plain = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = ["outcome", "replies", "entries", "facets", "confidence", "context", "explanation", "hand_off"]


@given(st.dictionaries(st.sampled_from(fields), plain))
def test_whatever_comes_is_a_whole_result_or_an_error(body: dict[str, Any]) -> None:
    try:
        result = read_answer(json.dumps({**GOOD, **body}).encode(), {})
    except BrainError:
        return
    assert result.replies
    assert all(reply.text.strip() for reply in result.replies)
    assert 0 <= result.confidence <= 1
