"""What pages share for a moment: one making for all who ask at once, never older than said."""

from __future__ import annotations

import asyncio

import pytest

from bot.console.sharing import LIVES, MOST, Shared


class Maker:
    """Makes numbers, one each time."""

    def __init__(self) -> None:
        self.made = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> int:
        self.made += 1
        mine = self.made
        await self.gate.wait()
        if mine == 3:
            raise ValueError("no")
        return mine


async def test_who_asks_at_once_shares_and_who_comes_later_does_not() -> None:
    now, make = [0.0], Maker()
    shared: Shared[int] = Shared(lambda: now[0])
    asked = [asyncio.create_task(shared.get("list", make)) for _ in range(5)]
    await asyncio.sleep(0)
    asked[0].cancel()  # one page goes away; the others still get theirs
    now[0] = LIVES  # what began so long ago may be from before the news
    later = asyncio.create_task(shared.get("list", make))
    await asyncio.sleep(0)
    make.gate.set()
    assert [await one for one in asked[1:]] == [1, 1, 1, 1]
    assert await later == 2
    assert await shared.get("list", make) == 2
    with pytest.raises(ValueError, match="no"):
        await shared.get("other", make)
    assert await shared.get("other", make) == 4  # a failure is not kept


async def test_what_is_old_is_dropped() -> None:
    now, make = [0.0], Maker()
    make.made = 10
    make.gate.set()
    shared: Shared[int] = Shared(lambda: now[0])
    for n in range(3 * MOST):
        now[0] += LIVES
        await shared.get(n, make)
    assert len(shared._made) <= MOST
