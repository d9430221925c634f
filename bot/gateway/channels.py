"""The channels there are: one line each. ``BOT_CHANNELS`` says which of them run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.channels import official_account
from bot.channels.addresses import client_address
from bot.channels.base import Channel
from bot.channels.official_account import Account, Mode, OfficialAccount, Patience
from bot.channels.rest import Options as RestOptions
from bot.channels.rest import Rest
from bot.channels.webchat import Options as WebChatOptions
from bot.channels.webchat import WebChat
from bot.desk.catalogue import Catalogue
from bot.desk.errors import SettingsError
from bot.gateway import texts
from bot.gateway.faces import AccountFace, LiveFace
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


def _wechat(around: Surroundings) -> Channel:
    settings = around.settings
    keys = tuple(key for key in (settings.wechat_aes_key, settings.wechat_old_aes_key) if key)
    account = Account(
        official_account.WECHAT,
        Mode(settings.wechat_mode),
        settings.wechat_token,
        settings.wechat_app_id,
        settings.wechat_app_secret,
        keys,
        settings.wechat_api,
        settings.public_url,
        settings.keep_pictures,
    )
    needed = {"BOT_WECHAT_TOKEN": account.token}
    if account.mode is not Mode.PLAIN:
        needed |= {"BOT_WECHAT_APP_ID": account.app_id, "BOT_WECHAT_AES_KEY": settings.wechat_aes_key}
    elif account.app_secret:
        needed |= {"BOT_WECHAT_APP_ID": account.app_id}
    return _official_account(around, account, needed)


def _yixin(around: Surroundings) -> Channel:
    settings = around.settings
    account = Account(
        official_account.YIXIN,
        Mode.PLAIN,
        settings.yixin_token,
        settings.yixin_app_id,
        settings.yixin_app_secret,
        api=settings.yixin_api,
        public_url=settings.public_url,
    )
    needed = {"BOT_YIXIN_TOKEN": account.token}
    if account.app_secret:
        needed |= {"BOT_YIXIN_APP_ID": account.app_id}
    return _official_account(around, account, needed)


def _official_account(around: Surroundings, account: Account, needed: Mapping[str, str]) -> Channel:
    if missing := [name for name, value in needed.items() if not value]:
        told = texts.CHANNEL_NEEDS.format(channel=account.dialect.name, names="、".join(missing))
        raise SettingsError(f"{account.dialect.name} needs {missing}", told)
    settings = around.settings
    path = settings.data / "responses" / "official_account.yml"
    face = AccountFace(path, around.catalogue, settings.allow_samples)
    patience = Patience(passive=settings.passive_seconds, quick=settings.quick_seconds)
    return OfficialAccount(account, face, patience)


CHANNELS: Mapping[str, Callable[[Surroundings], Channel]] = {
    "rest": _rest,
    "webchat": _webchat,
    "wechat": _wechat,
    "yixin": _yixin,
}


def open_channels(around: Surroundings) -> dict[str, Channel]:
    """Make the channels that the settings name. Raises ``SettingsError`` for one that there is not."""
    wanted = around.settings.channels
    if strange := [name for name in wanted if name not in CHANNELS]:
        told = texts.UNKNOWN_CHANNEL.format(names="、".join(strange), known="、".join(CHANNELS))
        raise SettingsError(f"unknown channels {strange}", told)
    return {name: CHANNELS[name](around) for name in wanted}
