"""Delivers the outbox: in order to each recipient, recipients side by side, until it arrives or cannot."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar, cast

from sqlalchemy.engine import Connection

from bot.channels.base import Channel, Delivery, DeliveryState
from bot.desk.errors import StorageError
from bot.desk.messages import OutboundMessage
from bot.gateway.announcer import Announcer
from bot.gateway.probes import Probe, no_probe
from bot.gateway.tasks import Tasks
from bot.storage import outbox
from bot.storage.conversations import Lease
from bot.storage.database import Database
from bot.storage.outbox import Due

log = logging.getLogger(__name__)

ATTEMPT_SECONDS = 45.0
HOLD_SECONDS = 60.0  # longer than an attempt
SEARCH_EVERY = 1.0
SEARCH_MOST = 100
GIVE_UP_AFTER = 86400.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
TOO_LONG = "超过一天仍未送达"


T = TypeVar("T")


class RightLost(Exception):
    """The right to send to a conversation is no longer ours."""


class Sender:
    """Delivers replies through their channels.

    To a channel that is ``repeatable`` a reply is only announced, as often as is useful: the recipient
    fetches it and knows it by its id. To any other the right to send is held in the database, and each
    attempt is noted before it begins: an attempt that a crash cut off is found and marked as doubtful.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        owner: str,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        probe: Probe = no_probe,
    ) -> None:
        self._database = database
        self._channels = channels
        self._owner = owner
        self._clock = clock
        self._chance = chance
        self._probe = probe
        self._numbers = itertools.count(1)
        self._sending: dict[str, Lease] = {}
        self._attempting = 0
        self._stopping = False
        self._tasks = Tasks("sender")
        self._announcer = Announcer(self._attempt, self._note, self._tasks)

    def wish(self, channel: str) -> Lease | None:
        """Give the wish to send the replies of a turn, or ``None`` where the recipient fetches them."""
        if self._fetched(channel):
            return None
        return Lease(f"{self._owner}#s{next(self._numbers)}", self._clock() + HOLD_SECONDS)

    def offer(self, conversation: str, replies: Sequence[OutboundMessage], right: Lease | None) -> None:
        """Deliver the replies of a turn that was just committed, under the right that was granted for it."""
        if not replies:
            return
        if right is not None:
            dues = [Due(message, 0, False, self._clock()) for message in replies]
            self._tasks.start(self._send_all(conversation, right, dues))
        elif replies[0].channel in self._channels:
            self._announcer.offer(conversation, replies)

    async def start(self) -> None:
        """Look from time to time for replies that nobody sends."""
        self._tasks.start(self._search())

    async def stop(self, seconds: float) -> None:
        """End the attempts under way, for at most so long."""
        self._stopping = True
        end = time.monotonic() + seconds
        while self._attempting and time.monotonic() < end:
            await asyncio.sleep(0.02)
        await self._tasks.cancel()
        for conversation, right in list(self._sending.items()):
            await self._give_back(conversation, right)

    def _fetched(self, channel: str) -> bool:
        known = self._channels.get(channel)
        return known is None or getattr(known, "repeatable", False)

    async def _send_all(self, conversation: str, right: Lease, dues: list[Due]) -> None:
        """Send what is due, and what becomes due meanwhile, then give the right back."""
        self._sending[conversation] = right
        last = 0
        try:
            while dues and not self._stopping:
                for due in dues:
                    await self._send(conversation, right, due)
                    last = due.message.id
                dues = await self._more(conversation, right, last)
        except RightLost:
            log.warning("the right to send was lost; another process goes on")
        if not self._stopping:
            self._sending.pop(conversation, None)

    async def _send(self, conversation: str, right: Lease, due: Due) -> None:
        """Try until it is delivered or cannot be. Raises ``RightLost``."""
        attempts, next_at = due.attempts, cast("float | None", due.next_at)
        while next_at is not None and not self._stopping:
            await self._wait_until(conversation, right, next_at)
            attempts += 1
            self._attempting += 1
            try:
                next_at = await self._send_once(conversation, right, due, attempts)
            finally:
                self._attempting -= 1

    async def _send_once(self, conversation: str, right: Lease, due: Due, attempts: int) -> float | None:
        await self._begin(conversation, right, due)
        self._probe("send.begun")
        delivery = await self._attempt(due.message)
        self._probe("send.answered")
        next_at = self._next_at(due.message, delivery, attempts)
        await self._note(due.message, delivery, next_at)
        self._probe("sent")
        return next_at

    async def _begin(self, conversation: str, right: Lease, due: Due) -> None:
        until = self._clock() + HOLD_SECONDS

        def work(connection: Connection) -> bool:
            held = outbox.hold(connection, conversation, right.token, until)
            if held:
                outbox.begin(connection, due.message.id, due.in_flight)
            return held

        if not await self._patiently(work, conversation):
            raise RightLost

    def _next_at(self, message: OutboundMessage, delivery: Delivery, attempts: int) -> float | None:
        """Give when to try again, or ``None`` when it is delivered or given up."""
        if delivery.state is not DeliveryState.WAITING:
            return None
        now = self._clock()
        if now - (message.at or now) > GIVE_UP_AFTER:
            return None
        pause = delivery.retry_in
        if pause is None:
            # Halved by chance, so that many that failed together do not come back together.
            pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE) * (0.5 + self._chance() / 2)
        return now + pause

    async def _attempt(self, message: OutboundMessage) -> Delivery:
        try:
            return await asyncio.wait_for(self._channels[message.channel].deliver(message), ATTEMPT_SECONDS)
        except asyncio.TimeoutError:
            log.error("reply %d: the channel took too long", message.id)
            return Delivery(DeliveryState.WAITING, "timeout")
        except Exception as error:
            # A channel must not raise; if it does, the next reply must not suffer for it.
            log.error("reply %d: the channel failed: %s", message.id, type(error).__name__)
            return Delivery(DeliveryState.WAITING, type(error).__name__)

    async def _note(
        self, message: OutboundMessage, delivery: Delivery, again_at: float | None = None
    ) -> None:
        state, reason = delivery.state.value, delivery.reason
        if delivery.state is DeliveryState.WAITING and again_at is None:
            state, reason = outbox.UNDELIVERABLE, reason or TOO_LONG
        if state == outbox.UNDELIVERABLE:
            log.warning("reply %d: undeliverable: %s", message.id, reason)
        now = self._clock()
        await self._patiently(
            partial(outbox.mark, reply=message.id, state=state, now=now, reason=reason, again_at=again_at)
        )

    async def _wait_until(self, conversation: str, right: Lease, moment: float) -> None:
        wait = moment - self._clock()
        if wait <= 0:
            return
        until = moment + HOLD_SECONDS
        await self._patiently(
            partial(outbox.hold, conversation=conversation, token=right.token, until=until), conversation
        )
        await asyncio.sleep(wait)

    async def _more(self, conversation: str, right: Lease, last: int) -> list[Due]:
        until = self._clock() + HOLD_SECONDS

        def work(connection: Connection) -> list[Due]:
            # The row is locked first, so that a turn which ends now is seen, or sees the right given back.
            if not outbox.hold(connection, conversation, right.token, until):
                return []
            dues = outbox.due(connection, conversation, last)
            if not dues:
                outbox.hold(connection, conversation, right.token, 0)
            return dues

        return await self._patiently(work, conversation)

    async def _give_back(self, conversation: str, right: Lease) -> None:
        give = partial(outbox.hold, conversation=conversation, token=right.token, until=0)
        try:
            await self._database.write(give, conversation)
        except StorageError as error:
            log.warning("a right to send could not be given back and will run out: %s", error)

    async def _search(self) -> None:
        """Look for replies that are due and that nobody sends: left by a crash, or put in by staff."""
        while True:
            now = self._clock()
            try:
                found = await self._database.read(partial(outbox.neglected, now=now, most=SEARCH_MOST))
                for conversation in found:
                    await self._take(conversation)
            except StorageError as error:
                log.warning("cannot look for neglected replies: %s", error)
            await asyncio.sleep(SEARCH_EVERY)

    async def _take(self, conversation: str) -> None:
        now = self._clock()
        right = Lease(f"{self._owner}#s{next(self._numbers)}", now + HOLD_SECONDS)

        def work(connection: Connection) -> list[Due]:
            if not outbox.claim(connection, conversation, right.token, right.until, now):
                return []
            dues = outbox.due(connection, conversation)
            if not dues or self._fetched(dues[0].message.channel):
                outbox.leave_to_recipient(connection, conversation)
                outbox.hold(connection, conversation, right.token, 0)
            return dues

        dues = await self._database.write(work, conversation)
        if dues and self._fetched(dues[0].message.channel):
            self.offer(conversation, [due.message for due in dues], None)
        elif dues:
            self._tasks.start(self._send_all(conversation, right, dues))

    async def _patiently(self, work: Callable[[Connection], T], key: str = "") -> T:
        """Write, however long the database is away: what was delivered must be noted before we go on."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._database.write(work, key)
            except StorageError as error:
                log.warning("a delivery cannot be noted yet: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE / 10)
