"""Tests of the address over HTTP: one refusal for everything, replays, limits, what is never logged."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from bot.channels.base import Receipt
from bot.channels.official_account import channel
from bot.desk.errors import StorageError
from bot.desk.messages import InboundMessage
from tests.channels.official_account.conftest import Account, Open, until
from tests.support.account_client import AES_KEY, TOKEN, Pushed, sign
from tests.support.busy import allowed
from tests.support.platform import APP_SECRET


async def verification(run: Account, **change: str):
    timestamp = str(int(time.time()))
    query = {
        "signature": sign(TOKEN, timestamp, "n"),
        "timestamp": timestamp,
        "nonce": "n",
        "echostr": "echo 1",
    }
    async with run.client.session.get(run.client.path, params={**query, **change}) as response:
        return response.status, response.headers["Content-Type"], await response.read()


async def test_the_address_is_verified_with_the_exact_echo(each: Account) -> None:
    assert await verification(each) == (200, "text/plain; charset=utf-8", b"echo 1")
    refused = await verification(each, signature="0" * 40, echostr="<script>")
    assert refused == (403, "text/plain; charset=utf-8", b"forbidden")


async def test_every_refusal_is_the_same(each: Account) -> None:
    good = each.client.text("u1", "备案")
    xxe = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>'
    wrong = [
        Pushed({**good.query, "signature": "0" * 40}, good.body),
        Pushed({**good.query, "timestamp": "1"}, good.body),
        Pushed({}, good.body),
        Pushed(good.query, "not xml"),
        Pushed(good.query, xxe),
        Pushed(good.query, "x" * 300_000),
        Pushed({**good.query, "encrypt_type": "other", "msg_signature": "1"}, "<xml></xml>"),
    ]
    answers = [await each.client.push(one) for one in wrong]
    assert {(answer.status, answer.raw) for answer in answers} == {(403, "forbidden")}
    assert each.rows("inbox") == []
    assert each.brain.asked == []


async def test_a_parameter_that_stands_twice_is_refused(each: Account) -> None:
    good = each.client.text("u1", "备案")
    twice = [*good.query.items(), ("nonce", "other")]
    async with each.client.session.post(each.client.path, params=twice, data=good.body.encode()) as response:
        assert response.status == 403


async def test_a_query_is_good_for_one_message_only(each: Account) -> None:
    good = each.client.text("u1", "备案", "77")
    assert (await each.client.push(good)).status == 200
    assert (await each.client.push(good)).status == 200  # a retry
    forged = each.client.wrap(
        each.client.xml("u1", "text", Content="伪造", MsgId=78), good.query["timestamp"], good.query["nonce"]
    )
    assert (await each.client.push(forged)).status == 403
    resealed = each.client.wrap(
        each.client.xml("u1", "text", Content="备案", MsgId=77), good.query["timestamp"], good.query["nonce"]
    )
    assert (await each.client.push(resealed)).raw == "success"  # a retry, sealed anew
    assert [turn["text"] for turn in each.brain.asked] == ["备案"]


async def test_the_same_number_of_another_user_is_another_message(each: Account) -> None:
    for user in ("u1", "u2"):
        assert (await each.client.ask(user, f"我是{user}", "77")).text.startswith(f"答:我是{user}")
    assert len(each.brain.asked) == 2


async def test_a_number_that_stands_for_another_text_starts_no_turn(each: Account) -> None:
    await each.client.ask("u1", "备案", "77")
    assert (await each.client.ask("u1", "别的", "77")).raw == "success"
    assert len(each.brain.asked) == 1


async def test_what_cannot_be_kept_is_not_acknowledged(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    run = await opened("secure")

    async def gone(*_: object, **__: object) -> None:
        raise StorageError("the database is away")

    monkeypatch.setattr(run.gateway.gateway.desk._intake, "accept", gone)
    assert (await run.client.ask("u1", "备案")).status == 503


async def test_a_database_that_is_too_slow_is_no_reason_to_keep_the_platform_waiting(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await opened("secure")
    intake = run.gateway.gateway.desk._intake
    accept = intake.accept

    async def slowly(message: InboundMessage) -> Receipt:
        await asyncio.sleep(0.8)
        return await accept(message)

    monkeypatch.setattr(channel, "ANSWERED_WITHIN", 0.3)
    monkeypatch.setattr(intake, "accept", slowly)
    pushed = run.client.text("u1", "备案")
    answer = await run.client.push(pushed)
    assert (answer.status, answer.raw) == (503, "unavailable")
    assert answer.seconds < allowed(0.7)
    await until(lambda: [state for _, state in run.outbox] == ["sent"])  # it was kept all the same
    monkeypatch.setattr(channel, "ANSWERED_WITHIN", 4.9)
    monkeypatch.setattr(intake, "accept", accept)
    assert (await run.client.push(pushed)).status == 200
    assert len(run.brain.asked) == len(run.platform.arrived["u1"]) == 1


async def test_the_time_that_was_spent_before_the_line_counts(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await opened("secure", BOT_PASSIVE_SECONDS="1")
    intake = run.gateway.gateway.desk._intake
    accept = intake.accept

    async def slowly(message):
        await asyncio.sleep(0.8)
        return await accept(message)

    monkeypatch.setattr(intake, "accept", slowly)
    answer = await run.client.ask("u1", "!sleep 3 备案")
    assert answer.raw == "success"
    assert answer.seconds < allowed(1.6)


async def test_nonsense_that_is_nested_deeply_is_refused(each: Account) -> None:
    good = each.client.text("u1", "备案")
    deep = Pushed(good.query, "<xml>" + "<a>" * 15_000 + "</a>" * 15_000 + "</xml>")
    assert (await each.client.push(deep)).status == 403


async def test_a_slash_at_the_beginning_is_text(each: Account) -> None:
    answer = await each.client.ask("u1", "/restart")
    assert answer.text.startswith("答:/restart")
    assert each.brain.asked[0]["text"] == "/restart"


async def test_a_message_that_is_too_long_is_answered_so(each: Account) -> None:
    assert "太长" in (await each.client.ask("u1", "长" * 4001)).text


async def test_no_secret_is_logged(opened, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run = await opened("secure", BOT_PASSIVE_SECONDS="0.05")
    run.platform.says.extend(["reset", "garbage", 40001, 45015])
    await run.client.ask("u1", "!sleep 0.3 一")
    await run.client.push(Pushed({"signature": "x"}, ""))
    for text in ("!sleep 0.2 二", "!sleep 0.2 三", "!sleep 0.2 四"):
        await run.client.ask("u1", text)
    from tests.channels.official_account.conftest import until

    await until(lambda: not run.platform.says, 15)
    # The test's own servers log what they are called with; the product's has no such log.
    told = "\n".join(r.getMessage() for r in caplog.records if r.name != "aiohttp.access")
    for secret in (TOKEN, AES_KEY, APP_SECRET, "token-1", "!sleep 0.2 二"):
        assert secret not in told
    assert "refused" in told


async def test_the_address_answers_no_other_method(each: Account) -> None:
    async with each.client.session.put(each.client.path) as response:
        assert response.status == 405


def test_a_channel_without_its_secrets_does_not_start(tmp_path) -> None:
    from bot.desk.errors import SettingsError
    from bot.gateway.channels import Surroundings, open_channels
    from bot.settings import read_settings
    from tests.samples import catalogue

    for environ, missing in (
        ({"BOT_CHANNELS": "wechat"}, "BOT_WECHAT_TOKEN、BOT_WECHAT_APP_ID、BOT_WECHAT_AES_KEY"),
        ({"BOT_CHANNELS": "yixin", "BOT_YIXIN_APP_SECRET": "x1"}, "BOT_YIXIN_TOKEN、BOT_YIXIN_APP_ID"),
    ):
        with pytest.raises(SettingsError) as caught:
            open_channels(Surroundings(read_settings(environ), catalogue))
        assert missing in caught.value.for_reader
