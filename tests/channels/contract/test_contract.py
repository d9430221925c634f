"""The contract of every channel: text in, text out, repeats, order, long and slow answers, crashes."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.desk.splitting import LIMIT
from tests.channels.contract.speakers import CHANNELS, Speaker, settings_for, speaker
from tests.faults.worlds import deployment
from tests.support.busy import allowed
from tests.support.gateways import rows, running, standin
from tests.support.platform import platform
from tests.support.standin_brain import StandIn


@dataclass
class World:
    """One enquirer, the brain, and a way to look into the database."""

    enquirer: Speaker
    brain: StandIn
    rows: Callable[[str], list]


@asynccontextmanager
async def world(channel: str, folder: Path, **more: str) -> AsyncIterator[World]:
    async with standin() as (brain, brain_url), platform() as (fake, api):
        environment = {**settings_for(channel, api), "BOT_BRAIN_BUDGET": "20", **more}
        async with running(f"sqlite:///{folder / 'desk.db'}", folder, [brain_url], **environment) as desk:
            one = speaker(channel, str(desk.client.make_url("")).rstrip("/"), fake)
            try:
                yield World(one, brain, lambda table: rows(desk.gateway.database, table))
            finally:
                await one.close()


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + allowed(seconds)
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        await asyncio.sleep(0.02)


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    return request.param


async def test_a_text_gets_a_text(channel: str, tmp_path: Path) -> None:
    async with world(channel, tmp_path) as run:
        await run.enquirer.put("备案", 1)
        await until(lambda: run.enquirer.heard() == ["答:备案"])
        assert len(run.rows("enquiries")) == 1


async def test_a_repeat_is_answered_once(channel: str, tmp_path: Path) -> None:
    async with world(channel, tmp_path) as run:
        await asyncio.gather(*(run.enquirer.put("备案", 1) for _ in range(3)))
        await run.enquirer.put("备案", 1)
        await run.enquirer.put("然后", 2)
        await until(lambda: run.enquirer.heard() == ["答:备案", "答:然后"])
        assert [turn["text"] for turn in run.brain.asked] == ["备案", "然后"]


async def test_answers_come_in_the_order_of_the_questions(channel: str, tmp_path: Path) -> None:
    async with world(channel, tmp_path, BOT_PASSIVE_SECONDS="0.2") as run:
        asked = ["!sleep 0.5 零", "一", "!sleep 0.3 二", "三"]
        putting = []
        for key, text in enumerate(asked):
            putting.append(asyncio.ensure_future(run.enquirer.put(text, key)))
            await until(lambda n=key + 1: len(run.rows("inbox")) == n)
        await asyncio.gather(*putting)
        await until(lambda: len(run.enquirer.heard()) == 4)
        assert run.enquirer.heard() == [f"答:{text}" for text in asked]


async def test_a_long_answer_comes_whole_in_parts(channel: str, tmp_path: Path) -> None:
    long = "。".join(f"第{n}句话说的是这件事" for n in range(120))
    async with world(channel, tmp_path) as run:
        await run.enquirer.put(long, 1)
        await until(lambda: len("".join(run.enquirer.heard())) >= len(long))
        parts = run.enquirer.heard()
        assert len(parts) > 1
        assert all(len(part.encode()) <= LIMIT for part in parts)
        assert "".join(parts).replace("\n", "") == f"答:{long}"
        assert all(part.endswith("。") for part in parts[:-1])


async def test_a_slow_answer_comes_all_the_same(channel: str, tmp_path: Path) -> None:
    async with world(channel, tmp_path, BOT_PASSIVE_SECONDS="0.4") as run:
        began = time.monotonic()
        await run.enquirer.put("!sleep 2 慢", 1)
        assert time.monotonic() - began < 1.5
        await until(lambda: run.enquirer.heard() == ["答:!sleep 2 慢"])
        assert len(run.brain.asked) == 1


async def test_text_that_looks_like_a_command_is_text(channel: str, tmp_path: Path) -> None:
    async with world(channel, tmp_path) as run:
        await run.enquirer.put("/restart ]]> <b>&amp;", 1)
        await until(lambda: run.enquirer.heard() == ["答:/restart ]]> <b>&amp;"])


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("channel", ["webchat", "secure", "yixin"])
async def test_a_crash_in_between_loses_and_doubles_nothing(channel: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with platform() as (fake, api):
        async with deployment(url, tmp_path, **settings_for(channel, api)) as run:
            await run.gateway.start(KILL_AT="turn.committed:3")
            await run.ready()
            one = speaker(channel, f"http://127.0.0.1:{run.port}", fake)
            try:
                putting = asyncio.ensure_future(_put_all(one, 6))
                assert await run.gateway.ended() == -signal.SIGKILL
                await run.gateway.start()
                await asyncio.wait_for(putting, allowed(60))
                await until(lambda: len(one.heard()) >= 6, 60)
                await asyncio.sleep(1.5)
                assert one.heard() == [f"答:问{n}" for n in range(6)]
            finally:
                await one.close()


async def _put_all(one: Speaker, many: int) -> None:
    for key in range(many):
        await one.put(f"问{key}", key)
