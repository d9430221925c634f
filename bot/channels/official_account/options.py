"""What an official account is set up with: which platform, which mode, which secrets, which patience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from bot.channels.official_account.texts import Texts
from bot.desk.bureau import Bureau


class Mode(str, Enum):
    """How pushes are protected; chosen in the platform's console."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SECURE = "secure"


@dataclass(frozen=True)
class Dialect:
    """What a platform has. ``name`` is the channel's name, ``path`` its address on the public side."""

    name: str
    path: str
    stable_token: bool = False
    typing: bool = False
    msgmenu: bool = False
    notices: bool = False
    media: bool = False


WECHAT = Dialect("wechat", "/wechat", stable_token=True, typing=True, msgmenu=True, notices=True, media=True)
YIXIN = Dialect("yixin", "/yixin")


@dataclass(frozen=True)
class Account:
    """One account. ``aes_keys``: the one that holds, then those that were just replaced.

    ``api`` is the base address of the platform's API; without ``app_secret`` it is never called.
    ``public_url`` is where users reach the gateway; without it no links are sent. ``pictures``: what users
    send is fetched and kept for staff.
    """

    dialect: Dialect
    mode: Mode
    token: str = field(repr=False)
    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    aes_keys: tuple[str, ...] = field(default=(), repr=False)
    api: str = ""
    public_url: str = ""
    pictures: bool = True


@dataclass(frozen=True)
class Patience:
    """Seconds. A push waits ``passive`` for its answer, but no longer than ``quick`` in a rush.

    ``line``: after so long the platform has given the line up and pushes again. ``api``: a call of its API.
    """

    passive: float = 4.0
    quick: float = 0.5
    line: float = 4.5
    api: float = 8.0


@dataclass(frozen=True)
class Face:
    """What the account says by itself: whose it is, the texts, and the notice of a demonstration."""

    bureau: Bureau
    texts: Texts
    notice: str | None = None


Faces = Callable[[], Face]
