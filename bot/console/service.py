"""The console as a whole: made of its parts, started and stopped in order."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.webchat.limits import Limiter, Rate
from bot.console.application import console_application
from bot.console.feed import Feed, News
from bot.console.logins import Logins
from bot.console.pages.login import LOGINS
from bot.console.services import Services
from bot.console.sharing import Shared
from bot.console.words import read_words
from bot.desk.catalogue import Catalogue
from bot.desk.errors import StorageError
from bot.live import live_search
from bot.search.live import LiveSearch
from bot.settings import Settings
from bot.storage import accounts, consoles, sessions
from bot.storage.database import Database
from bot.storage.live import current
from bot.storage.live_casework import LiveCasework
from bot.storage.news import Marks, news_since
from bot.storage.passwords import Passwords
from bot.storage.publishing import Publisher
from bot.storage.secret import secret_of

log = logging.getLogger(__name__)

SHOW_EVERY = 5.0
PUBLISH_EVERY = 0.5
TIDY_EVERY = 3600.0
REMEMBERED = 86400.0  # seconds after the last failure that a login's failures are remembered
LOGINS_PER_ADDRESS = Rate(60, 0.5)  # an office sits behind one address


@dataclass(frozen=True)
class World:
    """What tests replace: the clock, the hashes, the catalogue and its index."""

    clock: Callable[[], float] = time.time
    passwords: Callable[[], Passwords] = Passwords
    catalogue: Callable[[], Catalogue] | None = None
    search: Callable[[], LiveSearch] = live_search


class Console:
    """The staff console. ``open`` first; then ``start`` inside the event loop; ``stop`` at the end."""

    def __init__(self, settings: Settings, world: World | None = None) -> None:
        self.settings = settings
        self._world = world or World()
        self.database = Database(settings.database_url, settings.database_timeout, readers=4)
        self.owner = f"console:{os.uname().nodename}:{os.getpid()}"
        self._marks = Marks()
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Open the database and read the catalogue. Blocks. Raises ``DeskError``."""
        settings, world = self.settings, self._world
        secret = secret_of(settings.secret, settings.var)
        self.database.open()
        catalogue = world.catalogue or _live(settings)
        self.services = Services(
            settings=settings,
            database=self.database,
            secret=secret,
            clock=world.clock,
            passwords=world.passwords(),
            catalogue=catalogue,
            search=world.search,
            words=read_words(),
            casework=LiveCasework(settings.data, catalogue),
            feed=Feed(self._news),
            publisher=Publisher(settings.data, settings.var),
            attempts=Limiter(LOGINS_PER_ADDRESS, time.monotonic),
            lists=Shared(time.monotonic),
        )

    async def _news(self) -> list[News]:
        return list(await self.database.read(partial(news_since, marks=self._marks)))

    def application(self) -> web.Application:
        """Give the application."""
        app = console_application(self.services)
        app[LOGINS] = Logins(self.services)
        return app

    async def start(self, url: str = "") -> None:
        """Begin to look for news, and show where the console is reached."""
        self.services.feed.start()
        self._tasks.append(asyncio.create_task(self._show(url)))
        self._tasks.append(asyncio.create_task(self._publish()))
        self._tasks.append(asyncio.create_task(self._keep_tidy()))

    async def _show(self, url: str) -> None:
        while True:
            show = partial(consoles.show, owner=self.owner, url=url, now=self.services.clock())
            try:
                await self.database.write(show)
            except StorageError as error:
                log.warning("this console could not show itself: %s", error)
            await asyncio.sleep(SHOW_EVERY)

    async def _publish(self) -> None:
        """Follow what is published, also by the consoles of other machines."""
        while True:
            try:
                await self.database.read(self.services.publisher.step)
            except StorageError as error:
                log.warning("cannot look for what was published: %s", error)
            await asyncio.sleep(PUBLISH_EVERY)

    async def _keep_tidy(self) -> None:
        while True:
            try:
                await self.tidy()
            except StorageError as error:
                log.warning("cannot forget old sessions and failures: %s", error)
            await asyncio.sleep(TIDY_EVERY)

    async def tidy(self) -> None:
        """Forget failures of long ago, most of them of logins that nobody has, and sessions that are over."""
        await self.database.write(self._forget)

    def _forget(self, connection: Connection) -> None:
        now = self.services.clock()
        accounts.forget_failures(connection, now - REMEMBERED)
        sessions.clear(connection, now)

    async def stop(self) -> None:
        """End the streams, sign off, close the database."""
        await self.services.feed.stop()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        try:
            await self.database.write(partial(consoles.leave, owner=self.owner))
        except StorageError as error:
            log.warning("this console could not be signed off: %s", error)
        await self.database.close()


def _live(settings: Settings) -> Callable[[], Catalogue]:
    """Give what tells the catalogue of now. Raises ``CatalogueError`` when none can be served."""
    live = current(settings.data)
    return lambda: live.catalogue
