"""Tests that a crash at any step loses nothing, answers nothing twice, and counts nothing twice."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
from pathlib import Path

import aiohttp
import pytest

from bot.gateway.probes import STEPS
from bot.storage.tables import enquiries, outbox
from tests.faults.worlds import KEY, Deployment, deployment
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SENDERS, TEXTS = 3, 4


async def push_all(run: Deployment) -> None:
    """Push some messages of some senders at once."""
    texts = [f"问{n}" for n in range(TEXTS)]
    await asyncio.gather(*(run.push(f"p{n}", texts) for n in range(SENDERS)))


@pytest.mark.parametrize("times", [1, SENDERS])
@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_a_step_and_started_again(
    database_url: str, tmp_path: Path, step: str, times: int
) -> None:
    async with deployment(database_url, tmp_path) as run:
        await run.gateway.start(KILL_AT=f"{step}:{times}")
        pushing = asyncio.ensure_future(push_all(run))
        assert await run.gateway.ended() == -signal.SIGKILL
        await run.gateway.start()
        await asyncio.wait_for(pushing, 120)
        await run.settled()
        run.check(SENDERS * TEXTS)


async def test_the_gateway_killed_again_and_again_under_load(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(4)
    async with deployment(database_url, tmp_path) as run:
        await run.gateway.start()
        await run.ready()
        senders = [run.push(f"p{n}", [f"问{k}" for k in range(60)]) for n in range(5)]
        pushing = asyncio.ensure_future(asyncio.gather(*senders))
        kills = 0
        while not pushing.done():
            await asyncio.sleep(chance.uniform(0.05, 0.4))
            if kills < 6:
                kills += 1
                await run.gateway.kill()
                await run.gateway.start()
                await run.ready()
        await pushing
        await run.settled()
        assert kills >= 3
        run.check(300)


async def test_the_brain_killed_again_and_again_under_load(database_url: str, tmp_path: Path) -> None:
    async with deployment(database_url, tmp_path) as run:
        await run.gateway.start()
        await run.ready()
        for round_ in range(3):
            texts = [f"!sleep 0.1 {round_}.{k}" for k in range(4)]
            pushing = asyncio.ensure_future(asyncio.gather(*(run.push(f"p{n}", texts) for n in range(4))))
            await asyncio.sleep(0.25)
            await run.brain.kill()
            await pushing
            await run.brain.start()
            await run.ready()
        await run.settled()
        run.check(48)
        outcomes = {row.outcome for row in run.rows(enquiries)}
        assert outcomes == {"answered", "handed_off"}
        # Once the brain is back, it answers: nothing else was done for that.
        await run.push("later", ["还在吗"])
        await run.settled()
        assert run.rows(outbox)[-1].text == "答:还在吗"


async def test_both_killed_at_once(database_url: str, tmp_path: Path) -> None:
    async with deployment(database_url, tmp_path) as run:
        await run.gateway.start()
        await run.ready()
        senders = [run.push(f"p{n}", [f"!sleep 0.1 {k}" for k in range(12)]) for n in range(4)]
        pushing = asyncio.ensure_future(asyncio.gather(*senders))
        await asyncio.sleep(0.25)
        await asyncio.gather(run.gateway.kill(), run.brain.kill())
        await asyncio.gather(run.gateway.start(), run.brain.start())
        await pushing
        await run.settled()
        run.check(48)


@pytest.mark.postgres
async def test_another_gateway_takes_over_from_a_killed_one(postgres_url: str, tmp_path: Path) -> None:
    secret = {"BOT_SECRET": "0123456789abcdef" * 2}
    async with deployment(postgres_url, tmp_path, **secret) as one:
        (tmp_path / "two").mkdir()
        async with deployment(postgres_url, tmp_path / "two", **secret) as two:
            two.platform = one.platform
            await one.gateway.start(KILL_AT="brain.answered:5")
            await two.gateway.start(PLATFORM=one.gateway._environment["PLATFORM"])
            await asyncio.gather(one.ready(), two.ready())
            # Each message goes to both, as a platform does that has several addresses for us.
            texts = [f"问{n}" for n in range(6)]
            first = asyncio.ensure_future(
                asyncio.gather(*(one.push(f"a{n}", texts) for n in range(3)), return_exceptions=True)
            )
            await asyncio.gather(*(two.push(f"b{n}", texts) for n in range(3)))
            assert await one.gateway.ended() == -signal.SIGKILL
            first.cancel()
            one.port = two.port  # the platform finds out that only one is left
            sent = {key.split("-")[0] for key in one.platform.acknowledged}
            assert sent >= {"b0", "b1", "b2"}
            one.platform.acknowledged.clear()
            await asyncio.gather(*(two.push(f"{who}{n}", texts) for n in range(3) for who in "ab"))
            await two.settled()
            two.check(36)


async def test_a_caller_who_repeats_after_a_crash_gets_one_answer(database_url: str, tmp_path: Path) -> None:
    body = {"conversation": "c", "message_id": "m", "text": "备案"}
    async with deployment(database_url, tmp_path) as run:
        await run.gateway.start(KILL_AT="turn.committed:1")
        await run.ready()
        address = f"http://127.0.0.1:{run.port}/api/v1/messages"
        async with aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session:
            with pytest.raises(aiohttp.ClientError):
                await session.post(address, json=body)
            await run.gateway.start()
            await run.ready()
            answers = []
            for _ in range(2):
                async with session.post(address, json=body) as response:
                    assert response.status == 200
                    answers.append(await response.json())
        assert answers[0] == answers[1]
        assert answers[0]["replies"][0]["text"] == "答:备案"
        assert len(run.rows(outbox)) == 1
        assert len(run.rows(enquiries)) == 1


@pytest.mark.postgres
async def test_the_database_server_gone_and_back_under_load(
    postgres: Cluster, postgres_url: str, tmp_path: Path
) -> None:
    async with deployment(postgres_url, tmp_path) as run:
        await run.gateway.start()
        await run.ready()
        senders = [run.push(f"p{n}", [f"!sleep 0.05 {k}" for k in range(30)]) for n in range(4)]
        pushing = asyncio.ensure_future(asyncio.gather(*senders))
        for away in (0.5, 5.0):
            await asyncio.sleep(0.5)
            postgres.stop()
            await asyncio.sleep(away)
            postgres.start()
        await pushing
        await run.settled()
        run.check(120)


async def test_the_database_locked_by_somebody_else_under_load(tmp_path: Path) -> None:
    async with deployment(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path) as run:
        await run.gateway.start()
        await run.ready()
        senders = [run.push(f"p{n}", [f"!sleep 0.05 {k}" for k in range(20)]) for n in range(4)]
        pushing = asyncio.ensure_future(asyncio.gather(*senders))
        await asyncio.sleep(0.3)
        holder = sqlite3.connect(tmp_path / "desk.db", isolation_level=None, timeout=10)
        holder.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(5)
        holder.execute("ROLLBACK")
        holder.close()
        await pushing
        await run.settled()
        run.check(80)
