"""Shows that this process lives, and frees what dead processes of this machine held."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy.engine import Connection

from bot.desk.errors import StorageError
from bot.gateway.identity import is_gone
from bot.gateway.tasks import Tasks
from bot.storage import conversations, notes, presence
from bot.storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0


class Watch:
    """Looks after the processes that share the database.

    What a process of another machine holds is left to run out: from here nobody can tell whether it lives.
    """

    def __init__(self, database: Database, owner: str, clock: Callable[[], float]) -> None:
        self._database = database
        self._owner = owner
        self._clock = clock
        self._tasks = Tasks("watch")

    async def start(self) -> None:
        """Look now, then from time to time."""
        await self._look()
        self._tasks.start(self._keep_looking())

    async def stop(self) -> None:
        """Look no more, and be no more."""
        await self._tasks.cancel()
        try:
            await self._database.write(partial(presence.leave, owner=self._owner))
        except StorageError as error:
            log.warning("this process could not be signed off: %s", error)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._look()

    async def _look(self) -> None:
        try:
            await self._database.write(partial(_show, owner=self._owner, now=self._clock()))
            known = await self._database.read(presence.present)
            for owner in filter(is_gone, known):
                await self._database.write(partial(_bury, owner=owner))
                log.warning("a gateway process of this machine has died; its work goes on here")
        except StorageError as error:
            log.warning("cannot look after other processes: %s", error)


def _show(connection: Connection, owner: str, now: float) -> None:
    presence.show(connection, owner, now)
    notes.sweep(connection, now)


def _bury(connection: Connection, owner: str) -> None:
    conversations.give_back(connection, owner)
    presence.leave(connection, owner)
