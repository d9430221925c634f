"""Tests of what goes out by the platform's API: order, codes, quota, what is held and comes later."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.official_account.verdicts import CODES, Verdict, verdict
from bot.desk.messages import Reply
from bot.storage import outbox
from tests.channels.official_account.conftest import Account, until
from tests.support.platform import GARBAGE, RESET, TAKEN_AND_RESET

SLOW = {"BOT_PASSIVE_SECONDS": "0.02", "BOT_QUICK_SECONDS": "0.02"}


async def slow(run: Account, text: str, user: str = "u1") -> None:
    """Ask what is answered by the API, and wait until it stands in the outbox."""
    before = len(run.rows("outbox"))
    assert (await run.client.ask(user, f"!sleep 0.1 {text}")).raw == "success"
    run.platform.wrote(user)
    await until(lambda: len(run.rows("outbox")) > before)


def states(run: Account) -> list[str]:
    return [state for _, state in run.outbox]


@pytest.mark.parametrize("trouble", [-1, 40001, 40014, 42001, 45011, 99999, RESET, GARBAGE])
async def test_a_passing_trouble_delays_and_loses_nothing(opened, monkeypatch, trouble) -> None:
    monkeypatch.setattr("bot.channels.official_account.sending.MINUTE", 0.5)
    run = await opened("secure", **SLOW)
    run.platform.says.append(trouble)
    await slow(run, "一")
    await slow(run, "二")
    await until(lambda: states(run) == ["sent", "sent"], 15)
    assert [text[:12] for text in run.platform.arrived["u1"]] == ["答:!sleep 0.1", "答:!sleep 0.1"]
    assert "一" in run.platform.arrived["u1"][0]
    assert "二" in run.platform.arrived["u1"][1]


async def test_a_token_that_is_never_taken_is_no_loop(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.says.extend([40001, 40001])
    await slow(run, "一")
    await until(lambda: len(run.platform.sent("custom/send")) == 2)
    await asyncio.sleep(0.3)
    assert len(run.platform.sent("custom/send")) == 2
    report = await run.gateway.gateway.health.report()
    assert report.parts["channels"].figures["problems"] == ["wechat: code 40001"]


@pytest.mark.parametrize("code", [45015, 45047, 43004, 40164, 48001, 50002])
async def test_what_the_platform_does_not_take_now_is_held_and_comes_first(opened, monkeypatch, code) -> None:
    run = await opened("secure", **{**SLOW, "BOT_PASSIVE_SECONDS": "0.4"})
    run.platform.says.append(code)
    await run.client.ask("u1", "!sleep 0.6 一")
    await until(lambda: states(run) == ["held"])
    assert str(code) in run.rows("outbox")[0].reason
    if verdict(code) is Verdict.OFF:
        assert (await run.gateway.gateway.health.report()).parts["channels"].figures["problems"]
    answer = await run.client.ask("u1", "二")
    await until(lambda: states(run) == ["sent", "sent"], 15)
    shown = [*run.platform.arrived["u1"], *([answer.text] if answer.text else [])]
    together = "\n".join(shown)
    assert together.index("一") < together.index("二")
    assert together.count("答:!sleep 0.6 一") == together.count("答:二") == 1


@pytest.mark.parametrize("code", [40003, 44002, 47001])
async def test_what_can_never_arrive_is_kept_with_the_reason_and_blocks_nothing(opened, code) -> None:
    run = await opened("secure", **SLOW)
    run.platform.says.extend([code] if code == 40003 else [code, code])
    await slow(run, "一")
    await until(lambda: states(run) == ["undeliverable"])
    assert str(code) in run.rows("outbox")[0].reason
    await slow(run, "二")
    await until(lambda: states(run)[1] == "sent")


async def test_a_text_that_is_refused_as_too_long_is_cut_once(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.says.append(45002)
    await slow(run, "句子。" * 180)
    await until(lambda: states(run) == ["sent"])
    parts = run.platform.arrived["u1"]
    assert len(parts) > 1
    assert "".join(parts).replace("\n", "").count("句子。") == 180


async def test_a_busy_day_is_over_at_midnight(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.says.append(45009)
    await slow(run, "一")
    await until(lambda: run.rows("outbox")[0].reason is not None)
    row = run.rows("outbox")[0]
    assert row.state == "waiting"
    assert (row.next_at + 8 * 3600) % 86400 == pytest.approx(0, abs=2)
    assert (await run.gateway.gateway.health.report()).parts["channels"].ok is False


async def test_an_answer_that_may_have_arrived_is_sent_once_more_at_most(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.says.append(TAKEN_AND_RESET)
    await slow(run, "一")
    await until(lambda: states(run) == ["sent"], 15)
    assert len(run.platform.arrived["u1"]) == 2
    assert run.rows("outbox")[0].doubtful
    run.platform.says.extend([TAKEN_AND_RESET] * 2)
    await slow(run, "二")
    await until(lambda: states(run) == ["sent", "held"], 15)
    assert len(run.platform.arrived["u1"]) == 4
    assert "可能已送达" in run.rows("outbox")[1].reason


async def test_the_platform_takes_five_messages_and_gets_no_sixth(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.quota = 5
    await slow(run, "一")
    await until(lambda: states(run) == ["sent"])
    conversation = run.rows("conversations")[0].id
    now = time.time()
    with run.gateway.gateway.database.writing() as connection:
        long = [Reply(f"{n}:" + "字" * 600) for n in range(6)]
        outbox.put(connection, conversation, long, now, author="staff", next_at=now)
    await until(lambda: states(run).count("held") == 2, 15)
    assert len(run.platform.arrived["u1"]) == 5
    assert run.platform.over_quota == 0
    assert "条数已用完" in run.rows("outbox")[-1].reason
    run.platform.wrote("u1")
    await run.client.ask("u1", "!sleep 0.1 再来")
    await until(lambda: states(run) == ["sent"] * 8, 15)
    told = "\n".join(run.platform.arrived["u1"])
    assert [told.count(f"{n}:字") for n in range(6)] == [1] * 6
    assert told.index("5:字") < told.index("再来")


async def test_many_short_replies_travel_as_one(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.quota = 5
    await slow(run, "一")
    await until(lambda: states(run) == ["sent"])
    conversation = run.rows("conversations")[0].id
    now = time.time()
    with run.gateway.gateway.database.writing() as connection:
        outbox.put(
            connection, conversation, [Reply(f"第{n}条") for n in range(12)], now, author="staff", next_at=now
        )
    await until(lambda: states(run) == ["sent"] * 13, 15)
    assert len(run.platform.arrived["u1"]) <= 5
    told = "\n".join(run.platform.arrived["u1"])
    assert [told.count(f"第{n}条") for n in range(12)] == [1] * 12


async def test_users_do_not_wait_for_each_other(opened) -> None:
    run = await opened("secure", **SLOW)
    run.platform.delay = 0.4
    await asyncio.gather(*(run.client.ask(f"u{n}", "!sleep 0.1 一") for n in range(10)))
    began = time.monotonic()
    await until(lambda: states(run) == ["sent"] * 10, 10)
    assert time.monotonic() - began < 4  # ten calls and a token, one after the other, are more than this


async def test_a_reply_of_staff_says_so_and_48_hours_later_waits(opened) -> None:
    run = await opened("secure")
    await run.client.ask("u1", "转人工")
    with run.gateway.gateway.database.writing() as connection:
        conversation, now = run.rows("conversations")[0].id, time.time()
        outbox.put(connection, conversation, [Reply("可以办")], now, author="staff", next_at=now)
    await until(lambda: run.platform.arrived["u1"][-1:] == ["【工作人员答复】可以办"])
    sends = len(run.platform.sent("custom/send"))
    with run.gateway.gateway.database.writing() as connection:
        connection.exec_driver_sql("UPDATE conversations SET send_before = 1")
        outbox.put(connection, conversation, [Reply("补充")], now, author="staff", next_at=now)
    await until(lambda: states(run)[-1] == "held")
    assert "48小时" in run.rows("outbox")[-1].reason
    assert len(run.platform.sent("custom/send")) == sends
    answer = await run.client.ask("u1", "谢谢")
    await until(lambda: states(run)[-1] == "sent")
    told = "\n".join([*run.platform.arrived["u1"], answer.text or ""])
    assert told.index("【工作人员答复】补充") < told.index("答:谢谢")


async def test_an_account_without_a_secret_answers_passively_and_keeps_the_rest(opened) -> None:
    run = await opened("plain", BOT_WECHAT_APP_SECRET="", BOT_PASSIVE_SECONDS="0.5")
    await run.client.ask("u1", "!sleep 0.8 一")
    await until(lambda: states(run) == ["held"])
    answer = await run.client.ask("u1", "二")
    assert "答:!sleep 0.8 一" in answer.text
    assert answer.text.index("一") < answer.text.index("答:二")
    await until(lambda: states(run) == ["sent", "sent"])
    assert run.platform.calls == []


async def test_yixin_has_the_token_and_nothing_newer(opened) -> None:
    run = await opened("yixin", **SLOW)
    await slow(run, "一")
    await until(lambda: states(run) == ["sent"])
    assert run.platform.fetched == 1
    assert {path for path, _ in run.platform.calls} == {"/cgi-bin/message/custom/send"}


def test_every_code_of_the_vendor_s_table_is_known() -> None:
    table = """-1 40001 40014 42001 40003 40013 40125 40164 89503 40033 44002 44004 45002 47001 40200
    41001 43004 45009 45011 45015 45047 45072 45080 45081 48001 48006 50002 43101"""
    assert {int(code) for code in table.split()} | {0} == set(CODES)
    assert verdict(12345) is Verdict.AGAIN
