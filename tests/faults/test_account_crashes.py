"""Tests that an official account loses and doubles nothing when the gateway dies at a step of an answer."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from bot.storage.tables import enquiries, inbox, outbox
from tests.channels.contract.speakers import Follower
from tests.faults.worlds import Deployment, deployment
from tests.support.account_client import environment
from tests.support.busy import allowed
from tests.support.platform import Platform, platform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

USERS, TEXTS = 3, 4


async def push_all(run: Deployment, fake: Platform, slow: str) -> None:
    """Let each user put their messages in order, each again and again until it is acknowledged."""
    base = f"http://127.0.0.1:{run.port}"
    users = [Follower("secure", base, fake, f"u{n}") for n in range(USERS)]
    try:
        await asyncio.gather(*(_put(user, n, slow) for n, user in enumerate(users)))
    finally:
        await asyncio.gather(*(user.close() for user in users))


async def _put(user: Follower, number: int, slow: str) -> None:
    for key in range(TEXTS):
        await user.put(f"{slow}u{number}问{key}", key)


def check(run: Deployment, fake: Platform, slow: str) -> None:
    """Hold the promises; what may have arrived before the crash may arrive twice, and then it says so."""
    messages, replies = run.rows(inbox), run.rows(outbox)
    assert len(messages) == len(replies) == len(run.rows(enquiries)) == USERS * TEXTS
    doubtful = {row.text for row in replies if row.doubtful}
    for number in range(USERS):
        shown = [text.split("\n可以接着问")[0] for text in fake.arrived[f"u{number}"]]
        wanted = [f"答:{slow}u{number}问{key}" for key in range(TEXTS)]
        assert list(dict.fromkeys(shown)) == wanted
        assert {text for text, times in Counter(shown).items() if times > 1} <= doubtful
    assert fake.over_quota == 0


@pytest.mark.parametrize("slow", ["", "!sleep 0.5 "], ids=["passive", "by the API"])
@pytest.mark.parametrize("step", ["intake.committing", "send.begun", "send.answered", "sent"])
async def test_killed_at_a_step_of_an_answer(tmp_path: Path, step: str, slow: str) -> None:
    async with platform() as (fake, api):
        fake.quota = 5
        settings = environment("secure", api, BOT_PASSIVE_SECONDS="0.3" if slow else "4")
        async with deployment(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, **settings) as run:
            await run.gateway.start(KILL_AT=f"{step}:3")
            await run.ready()
            pushing = asyncio.ensure_future(push_all(run, fake, slow))
            assert await run.gateway.ended() == -signal.SIGKILL
            await run.gateway.start()
            await asyncio.wait_for(pushing, allowed(60))
            await run.settled()
            check(run, fake, slow)


async def test_the_platform_away_while_the_gateway_dies(tmp_path: Path) -> None:
    async with platform() as (fake, api):
        settings = environment("secure", api, BOT_PASSIVE_SECONDS="0.1")
        async with deployment(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, **settings) as run:
            fake.says.extend([-1] * 6)
            await run.gateway.start()
            await run.ready()
            await push_all(run, fake, "!sleep 0.3 ")
            await run.gateway.kill()
            await run.gateway.start()
            await run.settled()
            check(run, fake, "!sleep 0.3 ")
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{run.port}/health") as response:
                    assert (await response.json())["parts"]["outbox"]["waiting"] == 0
