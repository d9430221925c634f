"""One look for many: pages that refresh in the same moment share what is looked up and rendered for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

LIVES = 0.1  # seconds; shorter than a page waits between hearing news and asking anew (static/list.js)
MOST = 256


class Shared(Generic[T]):
    """Keeps what was made for a key for ``lives`` seconds, counted from when its making began.

    So whoever asks later than that after a piece of news sees what it was about. ``ticks``: steady seconds.
    """

    def __init__(self, ticks: Callable[[], float], lives: float = LIVES) -> None:
        self._ticks = ticks
        self._lives = lives
        self._made: dict[Hashable, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Give what is kept, or being made, for the key; else make it. Raises what ``make`` raises."""
        now = self._ticks()
        began, task = self._made.get(key, (float("-inf"), None))
        if task is None or now - began >= self._lives or _failed(task):
            self._forget(now)
            task = asyncio.ensure_future(_of(make))
            self._made[key] = (now, task)
        # One who goes away must not take it from the others.
        return await asyncio.shield(task)

    def _forget(self, now: float) -> None:
        if len(self._made) >= MOST:
            self._made = {k: v for k, v in self._made.items() if now - v[0] < self._lives}


async def _of(make: Callable[[], Awaitable[T]]) -> T:
    return await make()


def _failed(task: asyncio.Task[T]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
