"""Tells channels of replies that their recipients fetch by themselves."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.base import Delivery, DeliveryState
from bot.desk.messages import OutboundMessage
from bot.gateway.tasks import Tasks

NUDGES = 5


class Announcer:
    """Announces replies in order to each recipient, recipients side by side.

    ``attempt`` hands a reply to its channel, ``note`` commits what came of it. Nothing is lost when an
    announcement is: the recipient asks for what it has not seen.
    """

    def __init__(
        self,
        attempt: Callable[[OutboundMessage], Awaitable[Delivery]],
        note: Callable[[OutboundMessage, Delivery], Awaitable[None]],
        tasks: Tasks,
    ) -> None:
        self._attempt = attempt
        self._note = note
        self._tasks = tasks
        self._waiting: dict[str, deque[OutboundMessage]] = {}

    def offer(self, conversation: str, replies: Sequence[OutboundMessage]) -> None:
        """Announce these replies after those that already wait."""
        if conversation in self._waiting:
            self._waiting[conversation].extend(replies)
            return
        self._waiting[conversation] = deque(replies)
        self._tasks.start(self._announce(conversation))

    async def _announce(self, conversation: str) -> None:
        waiting = self._waiting[conversation]
        try:
            while waiting:
                await self._one(waiting[0])
                waiting.popleft()
        finally:
            self._waiting.pop(conversation, None)

    async def _one(self, message: OutboundMessage) -> None:
        for _ in range(NUDGES):
            delivery = await self._attempt(message)
            if delivery.state is not DeliveryState.WAITING:
                await self._note(message, delivery)
                return
            if delivery.retry_in is None:
                return
            await asyncio.sleep(delivery.retry_in)
