"""Tests of bot.gateway.brain_client over real HTTP: budgets, another brain, and coming back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.desk.errors import BrainError
from bot.desk.turns import PendingTurn
from bot.gateway.brain_client import Brains
from tests.support.gateways import standin
from tests.support.standin_brain import StandIn


def turn(text: str = "问", conversation: str = "push:x") -> PendingTurn:
    return PendingTurn(1, conversation, "push", "x", "m1", text, 1.0, 1.0, "me#1")


@asynccontextmanager
async def brains(*urls: str, budget: float = 1.0) -> AsyncIterator[Brains]:
    made = Brains(urls, budget)
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def test_a_brain_answers() -> None:
    async with standin() as (_, url), brains(url) as asked:
        result = await asked.ask(turn(), "NUMBER")
        assert result.replies[0].text == "答:问"


async def test_a_brain_behind_a_unix_socket_answers(tmp_path: Path) -> None:
    runner = web.AppRunner(StandIn().application())
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "brain.sock")).start()
    async with brains(f"unix://{tmp_path}/brain.sock") as asked:
        assert (await asked.ask(turn(), "NUMBER")).replies[0].text == "答:问"
        (state,) = await asked.health()
        assert (state.up, state.note) == (True, "ready")
    await runner.cleanup()


@pytest.mark.parametrize("command", ["!status 500", "!status 400", "!raw {}", "!raw [", "!status 503"])
async def test_an_error_of_the_brain_is_an_error(command: str) -> None:
    async with standin() as (brain, url), brains(url) as asked:
        with pytest.raises(BrainError):
            await asked.ask(turn(command), "NUMBER")
        assert len(brain.asked) == 1


async def test_a_late_brain_costs_the_budget_and_no_more() -> None:
    async with standin() as (_, url), brains(url, budget=0.4) as asked:
        began = time.monotonic()
        with pytest.raises(BrainError):
            await asked.ask(turn("!sleep 3"), "NUMBER")
        assert 0.35 < time.monotonic() - began < 0.8


async def test_nobody_there_is_known_at_once() -> None:
    async with brains(f"http://127.0.0.1:{unused_port()}", budget=5) as asked:
        began = time.monotonic()
        with pytest.raises(BrainError):
            await asked.ask(turn(), "NUMBER")
        assert time.monotonic() - began < 1


async def test_a_late_brain_leaves_time_for_another() -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    async def ask_all(asked: Brains) -> float:
        began = time.monotonic()
        turns = [turn(conversation=f"push:{n}") for n in range(8)]
        results = await asyncio.gather(*(asked.ask(one, "N") for one in turns))
        assert {result.replies[0].text for result in results} == {"答:问"}
        return time.monotonic() - began

    async with standin() as (_, well), serving(hang) as hung, brains(well, hung, budget=1.0) as asked:
        assert 0.5 < await ask_all(asked) < 1.2
        await asyncio.sleep(1.2)  # by now it is known to hang, and is not asked any more
        assert await ask_all(asked) < 0.3


async def test_one_slow_turn_does_not_make_a_brain_a_bad_one() -> None:
    async with standin() as (brain, url), brains(url, budget=0.3) as asked:
        with pytest.raises(BrainError):
            await asked.ask(turn("!sleep 1"), "N")
        assert (await asked.ask(turn("下一个"), "N")).replies[0].text == "答:下一个"
        assert len(brain.asked) == 2


async def test_a_brain_that_comes_back_is_asked_again() -> None:
    port = unused_port()
    async with brains(f"http://127.0.0.1:{port}", budget=0.5) as asked:
        with pytest.raises(BrainError):
            await asked.ask(turn(), "N")
        assert not (await asked.health())[0].up
        runner = web.AppRunner(StandIn().application())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        assert (await asked.ask(turn(), "N")).replies[0].text == "答:问"
        await asyncio.sleep(1.2)
        assert (await asked.health())[0].up
        await runner.cleanup()


async def test_a_starting_brain_is_passed_over() -> None:
    async def starting(request: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"code": "starting", "message": ""}}, status=503)

    async with standin() as (_, well), serving(starting) as early, brains(well, early) as asked:
        for n in range(8):
            assert (await asked.ask(turn(conversation=f"push:{n}"), "N")).replies


async def test_an_endless_answer_is_cut_off() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except ConnectionError:
            return response

    async with serving(endless) as url, brains(url, budget=5) as asked:
        with pytest.raises(BrainError, match="larger"):
            await asked.ask(turn(), "N")


async def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    calls = 0

    async def closing(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        if calls == 2:
            # What a server does that closes an idle connection just as a request arrives.
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"outcome": "answered", "replies": [{"text": f"{calls}"}]})

    async with serving(closing) as url, brains(url) as asked:
        assert (await asked.ask(turn(), "N")).replies[0].text == "1"
        assert (await asked.ask(turn(), "N")).replies[0].text == "3"


def test_few_conversations_move_when_a_brain_is_added() -> None:
    before, after = Brains(["http://a", "http://b"], 1), Brains(["http://a", "http://b", "http://c"], 1)
    names = [f"push:{n}" for n in range(600)]
    homes = [b._order(name)[0].url for b in (before, after) for name in names]
    moved = [new for old, new in zip(homes[:600], homes[600:], strict=True) if old != new]
    assert set(moved) == {"http://c"}
    assert 140 < len(moved) < 260
    assert 240 < homes[:600].count("http://a") < 360
