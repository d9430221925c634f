"""Tests of bot.channels.official_account.tokens and calls: one fetch for all, no secret in errors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.official_account.api import Api
from bot.channels.official_account.calls import ApiError, Calls, Unreachable
from bot.channels.official_account.memory_notes import MemoryNotes
from bot.channels.official_account.options import WECHAT, YIXIN, Account, Mode
from bot.channels.official_account.tokens import Tokens
from bot.gateway.notes import ChannelNotes
from bot.storage.conversations import Party
from bot.storage.database import Database
from tests.support.platform import APP_ID, APP_SECRET, Platform, platform


@pytest.fixture
async def notes(database_url: str) -> AsyncIterator[ChannelNotes]:
    database = Database(database_url)
    database.open()
    yield ChannelNotes(
        database, lambda channel, sender: Party(channel, f"p-{sender}", sender), "wechat", time.time
    )
    await database.close()


@pytest.fixture
async def fake() -> AsyncIterator[tuple[Platform, str]]:
    async with platform() as pair:
        yield pair


def api(url: str, notes, owner: str = "one", dialect=WECHAT, secret: str = APP_SECRET) -> Api:
    account = Account(dialect, Mode.PLAIN, "t", APP_ID, secret, api=url)
    return Api(account, Calls(url, 3), notes, owner, time.time)


@pytest.mark.parametrize("dialect", [WECHAT, YIXIN])
async def test_many_who_need_a_token_fetch_it_once(fake, notes, dialect) -> None:
    one, url = fake
    one.delay = 0.2
    processes = [api(url, notes, f"p{n}", dialect) for n in range(4)]
    await asyncio.gather(*(process.send_text(f"u{n}", "x") for process in processes for n in range(5)))
    assert one.fetched == 1
    assert sum(len(texts) for texts in one.arrived.values()) == 20
    one.expire()
    await asyncio.gather(*(process.send_text(f"u{n}", "x") for process in processes for n in range(5)))
    assert one.fetched == 2
    for process in processes:
        await process.close()


async def test_a_process_that_dies_while_it_fetches_holds_nobody_up_for_long(
    fake, notes, monkeypatch
) -> None:
    monkeypatch.setattr("bot.channels.official_account.tokens.LEASE_SECONDS", 5.0)
    _, url = fake
    await notes.claim("token.renewing", "dead", 1.0)
    one = api(url, notes)
    await asyncio.wait_for(one.send_text("u", "x"), 10)
    await one.close()


async def test_a_token_is_renewed_before_it_ends() -> None:
    now, fetched = 1000.0, []

    async def fetch(force: bool) -> tuple[str, float]:
        fetched.append(force)
        return f"t{len(fetched)}", 7200

    tokens = Tokens(MemoryNotes(lambda: now), fetch, "me", lambda: now)
    assert await tokens.get() == "t1"
    now += 6899
    assert await tokens.get() == "t1"
    now += 2
    assert await tokens.get() == "t2"
    assert await tokens.get(failed="t1") == "t2"
    assert await tokens.get(failed="t2") == "t3"
    assert fetched == [False] * 3


async def test_a_token_that_comes_back_as_it_was_is_forced_once_a_minute() -> None:
    now, forced = 1000.0, []

    async def fetch(force: bool) -> tuple[str, float]:
        forced.append(force)
        return "new" if force else "same", 7200

    tokens = Tokens(MemoryNotes(lambda: now), fetch, "me", lambda: now)
    assert await tokens.get() == "same"
    assert await tokens.get(failed="same") == "new"
    assert forced == [False, False, True]
    await tokens.get(failed="new")
    assert forced == [False, False, True, False]


async def test_errors_tell_the_kind_and_nothing_else(fake) -> None:
    one, url = fake
    wrong = api(url, MemoryNotes(time.time), secret="wrong-secret")
    with pytest.raises(ApiError) as refused:
        await wrong.send_text("u", "x")
    assert str(refused.value) == "code 40125"
    await wrong.close()
    away = api("http://127.0.0.1:9", MemoryNotes(time.time))
    with pytest.raises(Unreachable) as gone:
        await away.send_text("u", "x")
    assert gone.value.arrived is False
    assert gone.value.__context__ is None
    assert APP_SECRET not in repr(gone.value)
    await away.close()
    one.says.append("reset")
    good = api(url, MemoryNotes(time.time))
    with pytest.raises(Unreachable) as reset:
        await good.send_text("u", "x")
    assert reset.value.arrived is True
    assert reset.value.__context__ is None
    await good.close()


def test_no_secret_is_shown(tmp_path: Path) -> None:
    account = Account(WECHAT, Mode.SECURE, "the-token", APP_ID, APP_SECRET, ("k" * 43,), "http://x")
    assert "the-token" not in repr(account)
    assert APP_SECRET not in repr(account)
    assert "kkk" not in repr(account)


async def test_notes_are_claimed_by_one_and_end(notes: ChannelNotes) -> None:
    claims = await asyncio.gather(*(notes.claim("n", str(k), 60) for k in range(20)))
    assert len(set(claims)) == 1
    assert await notes.get("n") == claims[0]
    assert await notes.get("n", "somebody") is None
    await notes.put("n", "x", -1)
    assert await notes.get("n") is None
    assert await notes.claim("n", "y", 60) == "y"
    await notes.drop("n")
    assert await notes.get("n") is None
