"""Has every message answered once: one at a time in a conversation, conversations side by side."""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy.engine import Connection

from bot.desk.errors import BrainError, StorageError
from bot.desk.messages import TurnResult
from bot.desk.turns import Changed, Finished, PendingTurn, TurnEnd
from bot.gateway import turns
from bot.gateway.brain_client import Brains
from bot.gateway.cases import Cases
from bot.gateway.fallback import Fallback
from bot.gateway.pressure import Pressure
from bot.gateway.probes import Probe, no_probe
from bot.gateway.results import Results
from bot.gateway.sender import Sender
from bot.gateway.tasks import Tasks
from bot.gateway.topics import Topics
from bot.storage import conversations, inbox
from bot.storage.casework import Casework
from bot.storage.conversations import Lease
from bot.storage.database import Database

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
SEARCH_EVERY = 1.0
SEARCH_MOST = 100
RENEW_AT_ONCE = 500
# Conversations to hold for each that is worked on; more are left for other gateways, or for later.
HELD_PER_SLOT = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


class Dispatcher:
    """Works on turns, and looks for those that nobody works on.

    ``owner`` is this process's name. The lease of a conversation is in the database, so that several
    gateways never work on the same one; it is kept for as long as a turn takes and no longer.
    """

    def __init__(
        self,
        database: Database,
        brains: Brains,
        fallback: Fallback,
        topics: Topics,
        casework: Callable[[], Casework],
        sender: Sender,
        results: Results,
        pressure: Pressure,
        owner: str,
        clock: Callable[[], float] = time.time,
        at_once: int = 32,
        lease_seconds: float = LEASE_SECONDS,
        probe: Probe = no_probe,
    ) -> None:
        self._database = database
        self._brains = brains
        self._fallback = fallback
        self._topics = topics
        self._casework = casework
        self._cases = Cases(database, casework, clock)
        self._sender = sender
        self._results = results
        self._pressure = pressure
        self._owner = owner
        self._clock = clock
        self._slots = asyncio.Semaphore(at_once)
        self._most_held = at_once * HELD_PER_SLOT
        self._lease_seconds = lease_seconds
        self._probe = probe
        self._mark = secrets.token_hex(3)  # two dispatchers of one process must not share a token
        self._numbers = itertools.count(1)
        self._leased: dict[str, float] = {}
        self._tasks = Tasks("dispatcher")
        self._stopping = False

    def wish(self) -> Lease:
        """Give a lease that nobody has wished for before."""
        return Lease(f"{self._owner}#{self._mark}.{next(self._numbers)}", self._clock() + self._lease_seconds)

    def begin(self, turn: PendingTurn) -> None:
        """Work on this turn, and on the next ones of its conversation."""
        self._probe("dispatch.leased")
        self._leased[turn.lease] = time.monotonic()
        self._tasks.start(self._work(turn))

    async def start(self) -> None:
        """Look for work from time to time."""
        self._tasks.start(self._search())
        self._tasks.start(self._renew())

    async def stop(self, seconds: float) -> None:
        """End the turns under way, for at most so long; the others stay in the inbox."""
        self._stopping = True
        end = time.monotonic() + seconds
        while self._leased and time.monotonic() < end:
            await asyncio.sleep(0.02)
        await self._tasks.cancel()

    @property
    def at_work(self) -> int:
        """How many conversations are worked on."""
        return len(self._leased)

    async def _work(self, first: PendingTurn) -> None:
        turn: PendingTurn | None = first
        try:
            while turn:
                async with self._slots:
                    await self._pressure.ease()
                    result = await self._answer(turn)
                turn = await self._end(turn, result)
        finally:
            self._leased.pop(first.lease, None)

    async def _answer(self, turn: PendingTurn) -> TurnResult:
        if turn.ready:
            return replace(turn.ready, context=turn.context)
        own = await self._cases.answer(turn)
        if own:
            return own
        self._probe("brain.asking")
        try:
            result = await self._brains.ask(turn, turns.receipt_of(turn))
        except BrainError as error:
            log.warning("turn %d: no answer from a brain: %s", turn.id, error)
            result = await self._fallback.answer(turn, str(error))
        self._probe("brain.answered")
        return await self._cases.with_status(turn, result)

    async def _end(self, turn: PendingTurn, result: TurnResult) -> PendingTurn | None:
        """Commit the end of the turn, however long the database is away. Gives the next turn."""
        end = turns.end_of(turn, result, self._topics, self._casework(), self._clock())
        pause = FIRST_PAUSE
        while True:
            try:
                finished, right = await self._commit(turn, end)
                break
            except StorageError as error:
                log.warning("turn %d: cannot be committed yet: %s", turn.id, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:
                # A fault of ours. The lease runs out, and the turn is tried again; not at once.
                log.error("turn %d: cannot be committed: %s", turn.id, type(error).__name__)
                return None
        if isinstance(finished, Changed):
            return finished.turn
        if finished is None:
            log.info("turn %d: was answered by another process", turn.id)
            await self._release(turn)
            return None
        self._probe("turn.committed")
        self._results.tell(turn.id, finished.result)
        if finished.ours_to_send:
            self._sender.offer(turn.conversation, finished.replies, right)
        else:
            self._sender.nudge(turn.conversation)
        return await self._go_on(finished)

    async def _commit(
        self, turn: PendingTurn, end: TurnEnd
    ) -> tuple[Finished | Changed | None, Lease | None]:
        sending = self._sender.wish(turn.channel)

        def work(connection: Connection) -> Finished | Changed | None:
            finished = turns.finish(connection, turn, end, sending, self._casework())
            self._probe("turn.committing")
            return finished

        return await self._database.write(work, key=turn.conversation), sending

    async def _go_on(self, finished: Finished) -> PendingTurn | None:
        following = finished.next
        if following and self._stopping:
            await self._release(following)
            return None
        return following

    async def _release(self, turn: PendingTurn) -> None:
        give = partial(conversations.release, conversation=turn.conversation, token=turn.lease)
        try:
            await self._database.write(give, turn.conversation)
        except StorageError as error:
            log.warning("a lease could not be given back and will run out: %s", error)

    async def _search(self) -> None:
        """Look for messages that nobody works on: left by a crash, or by a database that was away."""
        while True:
            most = min(SEARCH_MOST, self._most_held - self.at_work)
            try:
                found = await self._neglected(most) if most > 0 else []
                taken = await asyncio.gather(*(self._take(conversation) for conversation in found))
            except StorageError as error:
                log.warning("cannot look for neglected messages: %s", error)
                taken = []
            if sum(taken) < SEARCH_MOST:
                await asyncio.sleep(SEARCH_EVERY)

    async def _neglected(self, most: int) -> list[str]:
        return await self._database.read(partial(inbox.neglected, now=self._clock(), most=most))

    async def _take(self, conversation: str) -> bool:
        if self._stopping:
            return False
        lease, now = self.wish(), self._clock()
        turn = await self._database.write(lambda c: turns.take(c, conversation, lease, now), conversation)
        if turn:
            log.info("turn %d: nobody worked on it; taken", turn.id)
            self.begin(turn)
        return turn is not None

    async def _renew(self) -> None:
        """Keep the leases of turns that take long."""
        while True:
            await asyncio.sleep(self._lease_seconds / 6)
            now = time.monotonic()
            old = [token for token, since in self._leased.items() if since < now - self._lease_seconds / 3]
            if not old:
                continue
            until = self._clock() + self._lease_seconds
            try:
                for start in range(0, len(old), RENEW_AT_ONCE):
                    some = old[start : start + RENEW_AT_ONCE]
                    await self._database.write(partial(conversations.renew, tokens=some, until=until))
            except StorageError as error:
                log.warning("%d leases could not be renewed: %s", len(old), error)
                continue
            self._leased.update({token: now for token in old if token in self._leased})
