"""A turn gives what the actions said and recorded, or an error; never an empty success."""

from __future__ import annotations

import asyncio

import pytest

from bot.brain.protocol import TurnError
from bot.desk.messages import Outcome, QuickReply


async def test_a_turn_gives_replies_record_and_the_context_that_it_leaves(ask):
    result = await ask("要什么材料", context={"turns": 4})
    assert result.outcome is Outcome.ANSWERED
    assert result.replies[0].text.startswith("ask|要什么材料|")
    assert result.replies[0].quick_replies == (QuickReply("多久", "要多久"),)
    assert (result.entries, result.facets, result.confidence) == (("s01",), ("materials",), 0.5)
    assert result.explanation == {"why": "测"}
    assert result.context == {"turns": 5, "said": "要什么材料"}


async def test_a_reply_keeps_its_empty_lines(ask):
    result = await ask("问")
    assert [reply.text.count("\n\n第二段") for reply in result.replies] == [1]


@pytest.mark.parametrize(
    "text", ["/restart", "/back", "/session_start", '/ask{"x": "y"}', "/ask", "/", "/不存在"]
)
async def test_a_text_that_begins_with_a_slash_is_only_text(ask, text):
    result = await ask(text, context={"turns": 1})
    assert result.replies[0].text.startswith(f"ask|{text}|")
    assert result.context["turns"] == 2


async def test_nothing_is_remembered_between_turns(ask):
    await ask("问", conversation="same", context={"turns": 7})
    assert (await ask("问", conversation="same")).context["turns"] == 1


async def test_turn_200_works_on_as_many_events_as_turn_1(ask):
    context: dict = {}
    events = []
    for _ in range(200):
        result = await ask("问", conversation="long", context=context)
        context = result.context
        events.append(result.replies[0].text.split("|")[2])
    assert context["turns"] == 200
    assert len(set(events)) == 1


@pytest.mark.parametrize(
    ("text", "code"), [("坏", "action_failed"), ("哑", "no_reply"), ("漏", "no_record"), ("错", "bad_record")]
)
async def test_a_turn_that_went_wrong_is_an_error(ask, text, code):
    with pytest.raises(TurnError) as caught:
        await ask(text)
    assert (caught.value.status, caught.value.code) == (500, code)


async def test_the_error_of_an_action_names_the_place_and_not_the_words(ask, caplog):
    with pytest.raises(TurnError) as caught:
        await ask("坏")
    assert "action_answer: KeyError at " in str(caught.value)
    assert "秘密" not in str(caught.value)
    assert "秘密" not in caplog.text


async def test_turns_of_one_conversation_run_in_order_and_others_do_not_wait(ask):
    done: list[str] = []

    async def turn(name: str, text: str, conversation: str) -> None:
        await ask(text, conversation=conversation)
        done.append(name)

    slow = [asyncio.create_task(turn(f"slow{i}", "慢", "a")) for i in range(3)]
    await asyncio.sleep(0.02)
    await asyncio.gather(turn("other", "问", "b"), turn("same", "问", "a"), *slow)
    assert done == ["other", "slow0", "slow1", "slow2", "same"]


async def test_a_turn_that_is_cancelled_frees_its_conversation(ask, brain):
    waiting = asyncio.create_task(ask("慢", conversation="c"))
    behind = asyncio.create_task(ask("慢", conversation="c"))
    await asyncio.sleep(0.02)
    waiting.cancel()
    behind.cancel()
    await asyncio.gather(waiting, behind, return_exceptions=True)
    assert (await asyncio.wait_for(ask("问", conversation="c"), 1)).outcome is Outcome.ANSWERED
