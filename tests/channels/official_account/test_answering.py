"""Tests that an account is answered: passively in time, else by the API, once however often it is pushed."""

from __future__ import annotations

import asyncio

from tests.channels.official_account.conftest import Account, until


async def test_a_question_is_answered_in_the_platform_s_own_request(each: Account) -> None:
    answer = await each.client.ask("u1", "备案")
    assert (answer.status, answer.text) == (200, "答:备案\n可以接着问:要什么材料")
    assert answer.fields["ToUserName"] == "u1"
    await until(lambda: {state for _, state in each.outbox} == {"sent"})
    assert each.platform.sent("custom/send") == []


async def test_what_takes_longer_is_acknowledged_and_comes_by_the_api(opened) -> None:
    run = await opened("secure", BOT_PASSIVE_SECONDS="0.5")
    answer = await run.client.ask("u1", "!sleep 1.2 备案")
    assert (answer.status, answer.raw) == (200, "success")
    await until(lambda: len(run.platform.arrived["u1"]) == 1)
    assert run.platform.arrived["u1"][0].startswith("答:!sleep 1.2 备案")
    assert [body["command"] for body in run.platform.sent("typing")] == ["Typing"]
    assert len(run.brain.asked) == 1


async def test_a_retry_that_comes_meanwhile_carries_the_answer(opened) -> None:
    run = await opened("secure", BOT_PASSIVE_SECONDS="2")
    pushed = run.client.text("u1", "!sleep 0.8 备案")
    first, second = await asyncio.gather(run.client.push(pushed), _later(run, pushed, 0.3))
    assert [first.raw, second.text] == ["success", "答:!sleep 0.8 备案\n可以接着问:要什么材料"]
    assert len(run.brain.asked) == 1
    assert run.platform.sent("custom/send") == []
    assert len(run.rows("inbox")) == 1


async def _later(run: Account, pushed, seconds: float):
    await asyncio.sleep(seconds)
    return await run.client.push(pushed)


async def test_a_repeat_is_the_same_message(each: Account) -> None:
    pushed = each.client.text("u1", "备案")
    first = await each.client.push(pushed)
    again = await asyncio.gather(*(each.client.push(pushed) for _ in range(5)))
    assert first.text
    assert [answer.raw for answer in again] == ["success"] * 5
    assert len(each.brain.asked) == 1
    assert len(each.rows("outbox")) == len(each.rows("enquiries")) == 1


async def test_a_platform_that_got_nothing_in_time_gets_the_same_again(opened) -> None:
    run = await opened("plain")
    channel = run.gateway.gateway.channels["wechat"]
    pushed = run.client.text("u1", "备案")
    first = await run.client.push(pushed)
    ticks = channel._lines._ticks
    channel._lines._ticks = lambda: ticks() + 5  # the platform's patience is over
    again = await run.client.push(pushed)
    assert again.text == first.text
    assert len(run.brain.asked) == 1
    assert run.platform.sent("custom/send") == []


async def test_a_platform_that_hung_up_is_answered_by_the_api(opened) -> None:
    run = await opened("secure")
    pushed = run.client.text("u1", "!sleep 0.8 备案")
    try:
        await run.client.push(pushed, 0.3)
    except asyncio.TimeoutError:
        pass
    await until(lambda: len(run.platform.arrived["u1"]) == 1)
    assert (await run.client.push(pushed)).raw == "success"
    assert len(run.platform.arrived["u1"]) == 1
