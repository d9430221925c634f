"""The gateway as a whole: made of its parts, started and stopped in order."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.base import Channel, Closes, Complains
from bot.desk.catalogue import Catalogue
from bot.desk.errors import SettingsError
from bot.gateway import texts
from bot.gateway.aftercare import Aftercare
from bot.gateway.application import public_application
from bot.gateway.brain_client import Brains
from bot.gateway.channels import Surroundings, open_channels
from bot.gateway.desk import GatewayDesk
from bot.gateway.dispatcher import Dispatcher
from bot.gateway.fallback import Answer, Fallback
from bot.gateway.following import Following
from bot.gateway.health import CatalogueState, Health
from bot.gateway.identity import process_name
from bot.gateway.intake import Intake
from bot.gateway.pressure import Pressure
from bot.gateway.probes import Probe, no_probe
from bot.gateway.results import Results
from bot.gateway.sender import Sender
from bot.gateway.topics import Promise, Topics
from bot.gateway.watch import Watch
from bot.settings import Settings
from bot.storage import presence
from bot.storage.casework import Casework
from bot.storage.database import Database
from bot.storage.publishing import Publisher
from bot.storage.secret import Secret, secret_of

log = logging.getLogger(__name__)

END_WITHIN = 5.0  # seconds that turns under way may take when the gateway is told to stop


@dataclass(frozen=True)
class Knowledge:
    """What the gateway is told about the catalogue.

    ``catalogue`` gives what is served now, ``state`` how its files are, ``promise`` what is said when
    staff will answer, ``casework`` gives rules and words of handoffs, ``answer`` answers without a brain.
    """

    catalogue: Callable[[], Catalogue]
    state: Callable[[], CatalogueState]
    promise: Promise
    casework: Callable[[], Casework]
    answer: Answer | None = None


@dataclass(frozen=True)
class World:
    """What tests replace: the clock, the steps that are told, channels of their own, how long leases are."""

    clock: Callable[[], float] = time.time
    probe: Probe = no_probe
    more_channels: Mapping[str, Channel] = field(default_factory=dict)
    lease_seconds: float = 30.0


class Gateway:
    """All parts of one gateway. ``open`` first; then ``start`` inside the event loop; ``stop`` at the end."""

    def __init__(self, settings: Settings, knowledge: Knowledge, world: World | None = None) -> None:
        self.settings = settings
        self._knowledge = knowledge
        self._world = world or World()
        self.owner = process_name()
        self.database = Database(settings.database_url, settings.database_timeout)
        self.channels: dict[str, Channel] = {}

    def open(self) -> None:
        """Open the database. Blocks. Raises ``StorageError`` and ``SettingsError``."""
        settings = self.settings
        self.channels = open_channels(Surroundings(settings, self._knowledge.catalogue))
        self.channels.update(self._world.more_channels)
        self.secret = secret_of(settings.secret, settings.var)
        self.database.open()
        _same_secret(self.database, self.secret)

    async def start(self) -> None:
        """Begin to work on what waits in the database, and be ready for what comes."""
        settings, world = self.settings, self._world
        topics = Topics(self._knowledge.catalogue, self._knowledge.promise)
        results, pressure = Results(), Pressure()
        self.brains = Brains(settings.brains, settings.brain_budget)
        self.sender = Sender(self.database, self.channels, self.owner, world.clock, probe=world.probe)
        self.dispatcher = Dispatcher(
            self.database,
            self.brains,
            Fallback(topics, self._knowledge.answer),
            topics,
            self._knowledge.casework,
            self.sender,
            results,
            pressure,
            self.owner,
            clock=world.clock,
            at_once=settings.turns_at_once,
            lease_seconds=max(world.lease_seconds, settings.brain_budget / 2),
            probe=world.probe,
        )
        intake = Intake(
            self.database,
            self.secret,
            world.clock,
            self.dispatcher.wish,
            self.dispatcher.begin,
            pressure,
            lambda: topics.published,
            world.probe,
        )
        self.desk = GatewayDesk(self.database, intake, results, self.sender.nudge, world.clock)
        self.health = Health(
            self.database,
            self.brains.health,
            self._knowledge.state,
            settings.var,
            self.owner,
            world.clock,
            self._complaints,
        )
        self.watch = Watch(self.database, self.owner, world.clock)
        self.aftercare = Aftercare(self.database, self._knowledge.casework, world.clock, self.secret.digest)
        self.following = Following(self.database, Publisher(settings.data, settings.var))
        await self.watch.start()
        await self.aftercare.start()
        self.following.start()
        await self.dispatcher.start()
        await self.sender.start()

    def _complaints(self) -> tuple[str, ...]:
        complaining = (channel for channel in self.channels.values() if isinstance(channel, Complains))
        return tuple(told for channel in complaining for told in channel.complaints)

    def application(self) -> web.Application:
        """Give the public application."""
        return public_application(self.desk, self.channels.values(), self.health, self.settings.body_limit)

    async def stop(self) -> None:
        """End what is under way, give back what is held, close the database."""
        await self.dispatcher.stop(END_WITHIN)
        await self.sender.stop(END_WITHIN)
        for channel in self.channels.values():
            if isinstance(channel, Closes):
                await channel.close()
        await self.brains.close()
        await self.following.stop()
        await self.aftercare.stop()
        await self.watch.stop()
        await self.database.close()


def _same_secret(database: Database, secret: Secret) -> None:
    """Refuse a secret that is not the one the database was filled with: pseudonyms would fall apart."""
    with database.writing() as connection:
        known = presence.keep(connection, "secret", secret.fingerprint)
    if known != secret.fingerprint:
        raise SettingsError("the secret is not that of the database", texts.SECRET_DIFFERS)
