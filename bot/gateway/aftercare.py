"""Looks after what is with staff: warns, marks what is late, lets B stand in for A, ends what is silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.engine import Connection

from bot.desk.audit import Digest
from bot.desk.enquiries import local_day
from bot.desk.errors import StorageError
from bot.gateway.tasks import Tasks
from bot.storage import posts
from bot.storage.casework import Casework, look_after
from bot.storage.database import Database
from bot.storage.lapsing import lapse

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0  # seconds


class Aftercare:
    """Several gateways may look at once: each change is made once."""

    def __init__(
        self,
        database: Database,
        casework: Callable[[], Casework],
        clock: Callable[[], float],
        digest: Digest,
        every: float = LOOK_EVERY,
    ) -> None:
        self._database = database
        self._casework = casework
        self._clock = clock
        self._digest = digest
        self._every = every
        self._tasks = Tasks("aftercare")

    async def start(self) -> None:
        """Look now, then from time to time."""
        self._tasks.start(self._keep_looking())

    async def stop(self) -> None:
        """Look no more."""
        await self._tasks.cancel()

    async def _keep_looking(self) -> None:
        while True:
            try:
                changed = await self._database.write(self._look)
                if changed:
                    log.info("%d handoffs were warned of, marked, closed or passed to who stands in", changed)
            except StorageError as error:
                log.warning("cannot look after the handoffs: %s", error)
            await asyncio.sleep(self._every)

    def _look(self, connection: Connection) -> int:
        now = self._clock()
        roster = posts.roster(connection, local_day(now))
        work = self._casework()
        closed = lapse(connection, work, now, self._digest)
        return look_after(connection, work.rules, roster, now) + len(closed)
