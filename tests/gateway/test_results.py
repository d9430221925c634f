"""Tests of bot.gateway.results: whoever waits is told, whoever comes later too, and memory is bounded."""

from __future__ import annotations

import asyncio

from bot.desk.messages import Outcome, Reply, TurnResult
from bot.gateway.results import Results

DONE = TurnResult(Outcome.ANSWERED, (Reply("答"),))


async def test_those_who_wait_are_told() -> None:
    results = Results()
    results.expect(1)
    waiting = [asyncio.ensure_future(results.wait(1, 5)) for _ in range(3)]
    await asyncio.sleep(0)
    results.tell(1, DONE)
    assert await asyncio.gather(*waiting) == [DONE] * 3
    assert await results.wait(1, 0) == DONE


async def test_one_who_gives_up_takes_nothing_from_the_others() -> None:
    results = Results()
    results.expect(1)
    assert await results.wait(1, 0.01) is None
    results.tell(1, DONE)
    assert await results.wait(1, 1) == DONE


async def test_the_oldest_are_forgotten_and_nobody_hangs_on_them() -> None:
    results = Results(kept=2)
    results.expect(1)
    waiting = asyncio.ensure_future(results.wait(1, 5))
    await asyncio.sleep(0)
    results.tell(2, DONE)
    results.tell(3, DONE)
    assert await asyncio.wait_for(waiting, 1) is None
    assert not results.expected(1)
    assert results.expected(3)


async def test_a_result_that_was_told_stays_as_it_is() -> None:
    results = Results()
    results.tell(1, DONE)
    results.tell(1, TurnResult(Outcome.DECLINED, (Reply("别的"),)))
    assert await results.wait(1, 0) == DONE
