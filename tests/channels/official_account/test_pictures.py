"""Tests of pictures that users send: which are kept, how long, and for whom."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from functools import partial

import pytest

from bot.channels.official_account import pictures
from bot.channels.official_account.pictures import LIMIT, kind_of
from bot.storage import pictures as kept
from bot.storage.pictures import Picture
from tests.channels.official_account.conftest import Account, Open, until
from tests.support.platform import GARBAGE

JPEG = b"\xff\xd8\xff\xe0" + b"j" * 3000
PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 3000


async def send(account: Account, media: str = "m1", times: int = 1, user: str = "u1") -> None:
    """Push a picture."""
    fields = {"PicUrl": "http://x/1.jpg", "MediaId": media, "MsgId": time.time_ns()}
    clear = account.client.xml(user, "image", **fields)
    pushed = account.client.wrap(clear, sender=user)
    for _ in range(times):
        assert "图片" in ((await account.client.push(pushed)).text or "图片")


@pytest.mark.parametrize(("content", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png")])
async def test_a_picture_is_kept_once(opened: Open, content: bytes, kind: str) -> None:
    account = await opened("secure")
    account.platform.media["m1"] = content
    await send(account, times=3)
    await until(lambda: bool(account.rows("pictures")))
    (row,) = account.rows("pictures")
    assert (row.kind, bytes(row.content), row.inbox_id) == (kind, content, account.rows("inbox")[0].id)
    assert account.platform.fetches == ["m1"]


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script></html>", b"GIF", b"", 40007, b"\xff\xd8\xff" + b"j" * LIMIT],
    ids=["a page", "half a beginning", "nothing", "not there", "too large"],
)
async def test_what_is_none_is_not_kept(
    opened: Open, content: object, caplog: pytest.LogCaptureFixture
) -> None:
    account = await opened("plain")
    account.platform.media["m1"] = content
    await send(account)
    await until(lambda: "the picture of message" in caplog.text)
    assert not account.rows("pictures")


async def test_a_passing_trouble_and_a_token_that_ended_only_delay(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PAUSES", (0.05, 0.05, 0.05))
    account = await opened("compatible")
    account.platform.media |= {"m0": PNG, "m1": deque([GARBAGE, GARBAGE, JPEG])}
    await send(account, "m0")
    await until(lambda: len(account.rows("pictures")) == 1)
    account.platform.expire()
    await send(account, "m1")
    await until(lambda: len(account.rows("pictures")) == 2)


@pytest.mark.parametrize("mode", ["yixin", "plain"])
async def test_where_there_are_none_or_none_are_wanted_none_is_fetched(opened: Open, mode: str) -> None:
    account = await opened(mode, BOT_KEEP_PICTURES="0" if mode == "plain" else "1")
    account.platform.media["m1"] = JPEG
    await send(account)
    await asyncio.sleep(0.2)
    assert not account.platform.fetches


async def test_a_picture_goes_with_its_sender(opened: Open) -> None:
    account = await opened("secure")
    account.platform.media["m1"] = JPEG
    await send(account)
    await send(account, user="u2")
    await until(lambda: len(account.rows("pictures")) == 2)
    await account.client.push(account.client.event("u1", "unsubscribe"))
    assert [row.inbox_id for row in account.rows("pictures")] == [account.rows("inbox")[1].id]
    # Whoever has left while it was fetched leaves none behind.
    database, gone = account.gateway.gateway.database, account.rows("inbox")[0].id
    late = partial(kept.put, message=gone, picture=Picture("image/png", PNG), now=1.0)
    assert not await database.write(late)
    assert await database.write(partial(kept.clear, before=time.time() + 9)) == 1
    assert not account.rows("pictures")


def test_the_kind_is_what_is_inside() -> None:
    assert kind_of(b"GIF89a...") == "image/gif"
    assert kind_of(b"RIFF....WEBP") is None
    assert kind_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
