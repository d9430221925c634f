"""The channels there are: one line each. ``BOT_CHANNELS`` says which of them run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.channels.addresses import client_address
from bot.channels.base import Channel
from bot.channels.rest import Options as RestOptions
from bot.channels.rest import Rest
from bot.channels.webchat import Options as WebChatOptions
from bot.channels.webchat import WebChat
from bot.desk.catalogue import Catalogue
from bot.desk.errors import SettingsError
from bot.gateway import texts
from bot.gateway.faces import LiveFace
from bot.gateway.fallback import PATIENCE
from bot.settings import Settings

# What a turn may take beside the brain and the search.
SLACK = 5.0


@dataclass(frozen=True)
class Surroundings:
    """What a channel may be made with."""

    settings: Settings
    catalogue: Callable[[], Catalogue]


def _rest(around: Surroundings) -> Channel:
    settings = around.settings
    wait = settings.brain_budget + PATIENCE + SLACK
    return Rest(RestOptions(settings.api_key, settings.rest_loopback, wait))


def _webchat(around: Surroundings) -> Channel:
    settings = around.settings
    face = LiveFace(settings.data / "responses" / "webchat.yml", around.catalogue, settings.allow_samples)
    address_of = partial(client_address, trusted=settings.trusted_proxies)
    return WebChat(face, WebChatOptions(settings.allowed_origins, address_of))


CHANNELS: Mapping[str, Callable[[Surroundings], Channel]] = {
    "rest": _rest,
    "webchat": _webchat,
}


def open_channels(around: Surroundings) -> dict[str, Channel]:
    """Make the channels that the settings name. Raises ``SettingsError`` for one that there is not."""
    wanted = around.settings.channels
    if strange := [name for name in wanted if name not in CHANNELS]:
        told = texts.UNKNOWN_CHANNEL.format(names="、".join(strange), known="、".join(CHANNELS))
        raise SettingsError(f"unknown channels {strange}", told)
    return {name: CHANNELS[name](around) for name in wanted}
