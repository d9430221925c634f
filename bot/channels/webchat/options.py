"""What a deployment tells the web chat: whose face it shows, who may embed it, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.webchat.limits import Limits
from bot.channels.webchat.texts import Texts
from bot.desk.bureau import Bureau


@dataclass(frozen=True)
class Face:
    """What the page shows: asked for anew with each page, so that changed data need no restart.

    ``notice`` is a sentence for the notice bar, such as that this is a demonstration and no official answer.
    """

    bureau: Bureau
    texts: Texts
    notice: str | None = None


def peer(request: web.Request) -> str:
    """Give the address that the line comes from."""
    return request.remote or ""


@dataclass(frozen=True)
class Options:
    """``allowed_origins`` are the sites that may embed the chat, such as ``https://www.example.gov.cn``.

    ``address_of`` gives the enquirer's address: where a proxy stands before the server, the proxy tells it.
    """

    allowed_origins: tuple[str, ...] = ()
    address_of: Callable[[web.Request], str] = peer
    limits: Limits = field(default_factory=Limits)
