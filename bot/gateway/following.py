"""Brings this machine's data folder to what was published in the console, wherever the console runs."""

from __future__ import annotations

import asyncio
import logging

from bot.desk.errors import StorageError
from bot.gateway.tasks import Tasks
from bot.storage.database import Database
from bot.storage.publishing import Publisher

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds; with the watching of the files what is approved is live within two


class Following:
    """Looks for new revisions, and has the publisher write them."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._tasks = Tasks("following")

    def start(self) -> None:
        """Look from now on."""
        self._tasks.start(self._follow())

    async def stop(self) -> None:
        """Look no more."""
        await self._tasks.cancel()

    async def _follow(self) -> None:
        while True:
            try:
                if await self._database.read(self._publisher.step):
                    log.info("the data folder was brought to what was published in the console")
            except StorageError as error:
                log.warning("cannot look for what was published: %s", error)
            await asyncio.sleep(LOOK_EVERY)
