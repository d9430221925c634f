"""Where those who wait for the end of a turn are told of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.desk.messages import TurnResult

KEPT = 4096


class Results:
    """The latest turns of this process by the id of their message; the oldest are forgotten."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._futures: OrderedDict[int, asyncio.Future[TurnResult]] = OrderedDict()

    def expect(self, message: int) -> None:
        """Be ready for the result of a message that was just taken in."""
        if message not in self._futures:
            self._futures[message] = asyncio.get_running_loop().create_future()
        while len(self._futures) > self._kept:
            _, oldest = self._futures.popitem(last=False)
            oldest.cancel()

    def tell(self, message: int, result: TurnResult) -> None:
        """Tell all who wait. Somebody who asks later is told, too, for some time."""
        self.expect(message)
        future = self._futures[message]
        if not future.done():
            future.set_result(result)

    async def wait(self, message: int, seconds: float) -> TurnResult | None:
        """Wait for the result; ``None`` when it does not come in time or is not for us to know."""
        future = self._futures.get(message)
        if future is None:
            return None
        done, _ = await asyncio.wait((future,), timeout=seconds)
        return future.result() if done and not future.cancelled() else None

    def expected(self, message: int) -> bool:
        """Say whether this process is to learn, or has learnt, the result of the message."""
        return message in self._futures
