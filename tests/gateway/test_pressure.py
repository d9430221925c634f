"""Tests of bot.gateway.pressure: answers wait while many messages come in, but not for ever."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack

from bot.gateway.pressure import Pressure


async def test_an_answer_waits_until_few_are_coming() -> None:
    pressure = Pressure(many=2)
    with ExitStack() as coming:
        for _ in range(3):
            coming.enter_context(pressure.coming())
        waiting = asyncio.ensure_future(pressure.ease(5))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 0.5)


async def test_few_are_no_reason_to_wait() -> None:
    pressure = Pressure(many=2)
    began = time.monotonic()
    with pressure.coming(), pressure.coming():
        await pressure.ease(5)
    assert time.monotonic() - began < 0.1


async def test_an_answer_does_not_wait_for_ever() -> None:
    pressure = Pressure(many=0)
    began = time.monotonic()
    with pressure.coming():
        await pressure.ease(0.2)
    assert 0.15 < time.monotonic() - began < 1
