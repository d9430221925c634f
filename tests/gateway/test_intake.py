"""Tests of bot.gateway.intake: what is taken in, what is refused, and that it is committed first."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.desk.errors import MessageError
from bot.gateway.intake import check
from tests.support.gateways import Running, message, rows
from tests.support.standin_brain import StandIn


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t\u3000", "empty"),
        ("\u200b\ufeff", "empty"),
        ("字" * 4001, "too_long"),
        ("a\x00b", "not_text"),
        ("a\x1bb", "not_text"),
        ("a\x85b", "not_text"),
        ("a\ud800b", "not_text"),
    ],
)
def test_what_is_no_message_is_refused(text: str, code: str) -> None:
    with pytest.raises(MessageError) as caught:
        check(message(text, "1"))
    assert caught.value.code == code
    assert any("\u4e00" <= char <= "\u9fff" for char in caught.value.for_reader)


@pytest.mark.parametrize(
    "text", ["字" * 4000, "第一行\n第二行\t制表", "/restart", "😀👨‍👩‍👧", "<b>html</b>", "\u202e反"]
)
def test_any_other_text_is_taken_as_it_is(text: str) -> None:
    assert check(message(text, "1")).text == text


def test_line_ends_become_one_kind() -> None:
    assert check(message("a\r\nb\rc", "1")).text == "a\nb\nc"


def test_other_kinds_and_impossible_names_are_refused() -> None:
    good = message("问", "1")
    for bad, code in [
        (replace(good, kind="image"), "not_text"),
        (replace(good, message_id=""), "bad_id"),
        (replace(good, message_id="x" * 257), "bad_id"),
        (replace(good, sender="a\nb"), "bad_id"),
        (replace(good, sent_at=float("nan")), "bad_time"),
    ]:
        with pytest.raises(MessageError) as caught:
            check(bad)
        assert caught.value.code == code


async def test_an_accepted_message_is_committed_masked_and_numbered(desk: Running) -> None:
    receipt = await desk.gateway.desk.accept(message("我的电话13800138000,怎么备案?", "m1"))
    stored = rows(desk.gateway.database, "inbox")
    assert [(row.id, row.message_id, row.text) for row in stored] == [
        (receipt.id, "m1", "我的电话13800138000,怎么备案?")
    ]
    assert stored[0].masked == "我的电话[手机号],怎么备案?"
    assert not receipt.repeated
    assert len(receipt.number) == 8


async def test_the_bureaus_own_number_is_not_masked(desk: Running) -> None:
    await desk.gateway.desk.accept(message("电话0558-2264104打不通", "m1"))
    assert rows(desk.gateway.database, "inbox")[0].masked == "电话0558-2264104打不通"


async def test_only_the_inbox_holds_what_identifies_somebody(desk: Running, brain: StandIn) -> None:
    await desk.tell("身份证341202199001011234,手机13800138000", "m1")
    assert "13800138000" not in str(brain.asked)
    for table in ("conversations", "outbox", "enquiries", "handoffs"):
        told = str([tuple(row) for row in rows(desk.gateway.database, table)])
        assert "13800138000" not in told
        assert "341202199001011234" not in told


async def test_a_repeat_is_the_same_message_and_gets_the_same_answer(desk: Running, brain: StandIn) -> None:
    first = await desk.gateway.desk.accept(message("问", "m1"))
    result = await desk.gateway.desk.result(first, 5)
    again = await desk.gateway.desk.accept(message("问", "m1"))
    assert again == replace(first, repeated=True)
    repeated = await desk.gateway.desk.result(again, 5)
    assert result is not None
    assert repeated == replace(result, context={}, explanation={}) or repeated == result
    assert len(brain.asked) == 1
    assert len(rows(desk.gateway.database, "enquiries")) == 1


async def test_many_repeats_at_once_are_one_message(desk: Running, brain: StandIn) -> None:
    receipts = await asyncio.gather(*(desk.gateway.desk.accept(message("问", "m1")) for _ in range(20)))
    assert len({receipt.id for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    await desk.gateway.desk.result(receipts[0], 5)
    assert len(brain.asked) == 1


async def test_the_same_id_with_another_text_is_a_conflict(desk: Running) -> None:
    await desk.tell("问一", "m1")
    with pytest.raises(MessageError) as caught:
        await desk.gateway.desk.accept(message("问二", "m1"))
    assert caught.value.code == "conflict"
    assert [row.text for row in rows(desk.gateway.database, "inbox")] == ["问一"]
    assert (await desk.tell("问二", "m2")).replies[0].text == "答:问二"


async def test_the_same_id_from_another_sender_is_another_message(desk: Running) -> None:
    await desk.tell("问一", "m1", sender="甲")
    await desk.tell("问二", "m1", sender="乙")
    assert [row.text for row in rows(desk.gateway.database, "inbox")] == ["问一", "问二"]


async def test_the_senders_name_stands_in_its_conversation_only(desk: Running) -> None:
    await desk.tell("问", "m1", sender="openid-of-somebody")
    for table in ("inbox", "outbox", "enquiries", "handoffs"):
        assert "openid-of-somebody" not in str([tuple(r) for r in rows(desk.gateway.database, table)])
    assert rows(desk.gateway.database, "conversations")[0].sender == "openid-of-somebody"
