"""Tells the open pages what is new: one look at the database for all, one stream to each page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from bot.desk.errors import StorageError

log = logging.getLogger(__name__)

EVERY = 0.3  # seconds between two looks
MOST_WAITING = 64  # pieces of news that a slow page may leave lying before it is told to reload
News = Mapping[str, object]
Look = Callable[[], Awaitable[list[News]]]


class Feed:
    """Looks for news while there are listeners, and hands them to each.

    ``look`` gives what is new since it was last called. A listener that does not keep up gets one piece of
    news that says so, in place of those it has missed.
    """

    def __init__(self, look: Look, every: float = EVERY) -> None:
        self._look = look
        self._every = every
        self._listeners: set[asyncio.Queue[News]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End it, and every stream with it."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for queue in self._listeners:
            _put(queue, {"kind": "end"})

    def listen(self) -> asyncio.Queue[News]:
        """Give a queue of the news from now on. To be given back with ``leave``."""
        queue: asyncio.Queue[News] = asyncio.Queue(MOST_WAITING)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[News]) -> None:
        """Listen no more."""
        self._listeners.discard(queue)

    @property
    def listeners(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    async def _run(self) -> None:
        while True:
            try:
                for news in await self._look():
                    for queue in self._listeners:
                        _put(queue, news)
            except StorageError as error:
                log.warning("cannot look for news: %s", error)
            await asyncio.sleep(self._every)


def _put(queue: asyncio.Queue[News], news: News) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        news = {"kind": "missed"}
    queue.put_nowait(news)
