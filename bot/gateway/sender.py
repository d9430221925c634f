"""Delivers the outbox: in order to each recipient, recipients side by side, until it arrives or cannot."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy.engine import Connection

from bot.channels.base import Channel, Delivery, DeliveryState, Packs
from bot.desk.errors import StorageError, place_of
from bot.desk.messages import OutboundMessage
from bot.gateway.announcer import Announcer
from bot.gateway.probes import Probe, no_probe
from bot.gateway.tasks import Tasks
from bot.storage import conversations, outbox
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
# Whoever has to wait longer than this gives the right back; the search finds the reply when it is due.
LONGEST_WAIT = 30.0
TOO_LONG = "超过一天仍未送达"


T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """What is to be done next in a conversation: an attempt that is noted as begun, or a pause until then."""

    message: OutboundMessage | None
    attempts: int = 0
    wait_until: float = 0.0


class Sender:
    """Delivers replies through their channels.

    To a channel that is ``repeatable`` a reply is only announced, as often as is useful: the recipient
    fetches it and knows it by its id. To any other the right to send is held in the database, and each
    attempt is noted before it begins: an attempt that a crash cut off is found and marked as doubtful.
    What is to be sent is read anew before each attempt, so that a channel may pack what has come together.
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
        # Two senders of one process must not share a token: each would take the other's right for its own.
        self._mark = secrets.token_hex(3)
        self._numbers = itertools.count(1)
        self._sending: dict[str, Lease] = {}
        self._woken: dict[str, asyncio.Event] = {}
        self._attempting = 0
        self._stopping = False
        self._tasks = Tasks("sender")
        self._announcer = Announcer(self._attempt, self._note, self._tasks)

    def wish(self, channel: str) -> Lease | None:
        """Give the wish to send the replies of a turn, or ``None`` where the recipient fetches them."""
        return None if self._fetched(channel) else self._fresh()

    def offer(self, conversation: str, replies: Sequence[OutboundMessage], right: Lease | None) -> None:
        """Deliver the replies of a turn that was just committed, under the right that was granted for it."""
        if right is not None:
            self._tasks.start(self._send_all(conversation, right))
        elif replies and replies[0].channel in self._channels:
            self._announcer.offer(conversation, replies)

    def nudge(self, conversation: str) -> None:
        """Look at once whether something of the conversation is due, and send it unless somebody does."""
        if conversation in self._woken:
            self._woken[conversation].set()
        else:
            self._tasks.start(self._take_now(conversation))

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

    def _fresh(self) -> Lease:
        token = f"{self._owner}#{self._mark}.s{next(self._numbers)}"
        return Lease(token, self._clock() + HOLD_SECONDS)

    def _fetched(self, channel: str) -> bool:
        known = self._channels.get(channel)
        return known is None or getattr(known, "repeatable", False)

    async def _send_all(self, conversation: str, right: Lease) -> None:
        """Send what is due, and what becomes due meanwhile, until nothing is and the right is given back."""
        self._sending[conversation] = right
        woken = self._woken.setdefault(conversation, asyncio.Event())
        while not self._stopping:
            woken.clear()
            step = await self._next(conversation, right)
            if step is None:
                break
            if step.message is None:
                await self._sleep(woken, step.wait_until)
            else:
                await self._send(step.message, step.attempts)
        if self._stopping:
            return
        self._sending.pop(conversation, None)
        self._woken.pop(conversation, None)
        if woken.is_set():  # while the right was being given back
            self.nudge(conversation)

    async def _next(self, conversation: str, right: Lease) -> Step | None:
        """Note the next attempt as begun and give it. ``None``: nothing is due, or the right was lost."""

        def work(connection: Connection) -> Step | None:
            # The time is looked at here: a database that was away must not shorten the right. The row is
            # locked first, so that a turn which ends now is seen, or sees the right given back.
            now = self._clock()
            if not outbox.hold(connection, conversation, right.token, now + HOLD_SECONDS):
                log.warning("the right to send was lost; another process goes on")
                return None
            dues = outbox.due(connection, conversation)
            if not dues or dues[0].next_at > now + LONGEST_WAIT:
                outbox.hold(connection, conversation, right.token, 0)
                return None
            if dues[0].next_at > now:
                outbox.hold(connection, conversation, right.token, dues[0].next_at + HOLD_SECONDS)
                return Step(None, wait_until=dues[0].next_at)
            return self._begin(connection, conversation, dues, now)

        return await self._patiently(work, conversation)

    def _begin(self, connection: Connection, conversation: str, dues: list[Due], now: float) -> Step:
        message = self._packed([due.message for due in dues], now)
        chosen = [due for due in dues if due.message.id in message.ids]
        for due in chosen:
            outbox.begin(connection, due.message.id, due.in_flight)
        if any(due.in_flight for due in chosen):
            conversations.spend(connection, conversation, 1)  # the attempt that was cut off may have counted
        return Step(message, chosen[0].attempts + 1)

    def _packed(self, waiting: list[OutboundMessage], now: float) -> OutboundMessage:
        channel = self._channels[waiting[0].channel]
        return channel.pack(waiting, now) if isinstance(channel, Packs) else waiting[0]

    async def _send(self, message: OutboundMessage, attempts: int) -> None:
        self._attempting += 1
        try:
            self._probe("send.begun")
            delivery = await self._attempt(message)
            self._probe("send.answered")
            await self._note(message, delivery, self._next_at(message, delivery, attempts))
            self._probe("sent")
        finally:
            self._attempting -= 1

    async def _sleep(self, woken: asyncio.Event, until: float) -> None:
        try:
            await asyncio.wait_for(woken.wait(), max(0.0, until - self._clock()))
        except asyncio.TimeoutError:
            pass  # it is time

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
            log.error(
                "reply %d: the channel failed: %s at %s", message.id, type(error).__name__, place_of(error)
            )
            return Delivery(DeliveryState.WAITING, type(error).__name__)

    async def _note(
        self, message: OutboundMessage, delivery: Delivery, again_at: float | None = None
    ) -> None:
        state, reason = delivery.state.value, delivery.reason
        if delivery.state is DeliveryState.WAITING and again_at is None:
            # Whoever can be reached again when they write is not given up.
            state, reason = (outbox.HELD if message.room else outbox.UNDELIVERABLE), reason or TOO_LONG
        if state in (outbox.HELD, outbox.UNDELIVERABLE):
            log.warning("reply %d: %s: %s", message.id, state, reason)

        def work(connection: Connection) -> None:
            if delivery.spent or delivery.closed:
                conversation = outbox.conversation_of(connection, message.id)
                conversations.spend(connection, conversation, delivery.spent, delivery.closed)
            now = self._clock()
            for reply in message.ids:
                outbox.mark(connection, reply, state, now, reason, again_at, delivery.doubtful)

        await self._patiently(work)

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
        right, now = self._fresh(), self._clock()

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
            self._tasks.start(self._send_all(conversation, right))

    async def _take_now(self, conversation: str) -> None:
        try:
            await self._take(conversation)
        except StorageError as error:
            log.warning("the search will look for these replies: %s", error)

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
