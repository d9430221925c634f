"""Bad input: each gets a clear sentence, and the session goes on."""

from __future__ import annotations

import re
import time

import pytest
from aiohttp import WSServerHandshakeError

from bot.channels.webchat import Limits, Rate
from tests.channels.webchat.pages import Page, Server

CHINESE = re.compile("[\u4e00-\u9fff].*[\u3002]$")


async def answers_still(page: Page) -> bool:
    await page.send("还在吗")
    return (await page.hear("reply"))["text"] == "答:还在吗"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("{", "malformed"),
        ("[" * 60_000, "malformed"),
        ('{"type": "nonsense"}', "unknown_type"),
        ('{"type": "hello", "after": 0}', "hello_twice"),
        ("x" * 70_000, "too_large"),
        ("长" * 30_000, "too_large"),
        (b"\x89PNG", "binary"),
    ],
)
async def test_a_bad_frame_does_not_end_the_session(server: Server, raw: str | bytes, code: str) -> None:
    page = await server.page()
    await (page.socket.send_bytes(raw) if isinstance(raw, bytes) else page.socket.send_str(raw))
    error = await page.hear("error")
    assert error["code"] == code
    assert CHINESE.search(error["message"])
    assert await answers_still(page)


async def test_a_message_that_is_no_text_is_refused_by_its_id(server: Server) -> None:
    page = await server.page()
    message_id = "0123456789abcdef"
    await page.say(type="send", message_id=message_id, text={"a": 1})
    refused = await page.hear("refused")
    assert (refused["message_id"], refused["code"], refused["retry_in"]) == (message_id, "not_text", None)
    assert await answers_still(page)


async def test_hello_comes_first(server: Server) -> None:
    page = Page(await server.line())
    await page.send("不打招呼")
    assert (await page.hear("error"))["code"] == "hello_first"
    assert server.desk.questions == []


async def test_a_broken_session_asks_for_a_new_one_on_the_same_line(server: Server) -> None:
    page = Page(await server.line())
    await page.say(type="hello", session="坏了", after=0)
    assert (await page.hear("error"))["code"] == "bad_session"
    await page.say(type="hello", after=0)
    assert (await page.hear("welcome"))["history"] == []


async def test_a_frame_beyond_all_measure_ends_the_line_but_not_the_session(server: Server) -> None:
    page = await server.page()
    await page.send("一")
    await page.hear("reply")
    await page.socket.send_str("x" * 600_000)
    assert await page.closed() == 1009
    again = await server.page(page.session)
    assert len(again.welcome["history"]) == 2


async def test_a_frame_that_is_not_utf_8_ends_the_line_but_not_the_session(server: Server) -> None:
    page = await server.page()
    await page.socket._writer.send_frame(b"\xff\xfe", 1)
    assert await page.closed() == 1007
    assert await answers_still(await server.page(page.session))


async def test_a_storage_fault_keeps_the_message_with_the_browser(server: Server) -> None:
    page = await server.page()
    server.desk.down = True
    message_id = await page.send("一")
    refused = await page.hear("refused")
    assert (refused["code"], refused["message_id"]) == ("unavailable", message_id)
    assert refused["retry_in"] > 0
    assert CHINESE.search(refused["message"])
    server.desk.down = False
    await page.send("一", message_id)
    assert (await page.hear("reply"))["text"] == "答:一"


async def test_without_a_database_a_page_is_asked_to_come_back(server: Server) -> None:
    page = await server.page()
    server.desk.down = True
    back = Page(await server.line())
    await back.say(type="hello", session=page.session, after=0)
    assert (await back.hear("error"))["code"] == "unavailable"
    assert await back.closed() == 1013


async def test_a_session_may_not_send_faster_than_agreed(serve) -> None:
    server = await serve(Limits(sends_per_session=Rate(2, 0.5)))
    page = await server.page()
    other = await server.page(page.session)
    for text in ("一", "二"):
        await page.send(text)
        await page.hear("accepted")
    message_id = await other.send("三")  # another page of the browser is no way round
    refused = await other.hear("refused")
    assert (refused["code"], refused["message_id"], refused["retry_in"]) == ("too_fast", message_id, 2)
    assert "2秒" in refused["message"]
    assert len(server.desk.questions) == 2
    assert (await server.page()).session  # others are not held up
    server.ticks.now += 2
    await other.send("三", message_id)
    await other.hear("accepted")


async def test_an_address_may_not_send_faster_than_agreed(serve) -> None:
    server = await serve(Limits(sends_per_address=Rate(3, 1)))
    for _ in range(3):
        page = await server.page()
        await page.send("一")
        await page.hear("accepted")
    fresh = await server.page()
    await fresh.send("一")
    assert (await fresh.hear("refused"))["code"] == "too_fast"


async def test_an_address_may_not_open_lines_without_end(serve) -> None:
    server = await serve(Limits(lines_per_address=Rate(2, 0.1)))
    await server.line()
    await server.line()
    async with server.http.get(f"{server.url}/chat/ws") as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "10"
        assert CHINESE.search(await response.text())
    server.ticks.now += 10
    await server.line()


async def test_a_flood_waits_in_its_own_line(serve) -> None:
    server = await serve(Limits(frames_per_line=Rate(5, 1)), ticks=time.monotonic)
    page = await server.page()
    for _ in range(20):
        await page.say(type="ping")
    pongs = [f for f in await page.quiet(0.3) if f["type"] == "pong"]
    assert len(pongs) == 4  # hello took the first
    assert (await server.page()).session


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://evil.example", False),
        ("null", False),
        ("http://127.0.0.1:1", False),
        ("https://www.example.gov.cn", True),
        ("http://www.example.gov.cn", False),
        ("https://www.example.gov.cn.evil.example", False),
    ],
)
async def test_only_known_sites_may_open_a_line(serve, origin: str, allowed: bool) -> None:
    server = await serve(origins=("https://www.example.gov.cn",))
    if allowed:
        await server.line(Origin=origin)
        return
    with pytest.raises(WSServerHandshakeError) as caught:
        await server.line(Origin=origin)
    assert caught.value.status == 403


async def test_the_own_page_may_open_a_line(server: Server) -> None:
    await server.line(Origin=server.url)
