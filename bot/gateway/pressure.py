"""Lets messages in before those that are in are answered: an acknowledgement cannot wait, an answer can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 4  # messages on their way in at once, from which on answers wait
MOST = 1.0  # seconds that an answer waits for this at most
STEP = 0.005


class Pressure:
    """Counts the messages on their way in."""

    def __init__(self, many: int = MANY) -> None:
        self._many = many
        self._coming = 0

    @contextmanager
    def coming(self) -> Iterator[None]:
        """One message is on its way in."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1

    async def ease(self, seconds: float = MOST) -> None:
        """Wait until few messages are on their way in, but no longer than some seconds."""
        end = time.monotonic() + seconds
        while self._coming > self._many and time.monotonic() < end:
            await asyncio.sleep(STEP)
