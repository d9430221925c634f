"""The HTTP side of an account's address: what is read of a request, and the two forms of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from bot.channels.official_account.refusals import Refused

READ_WITHIN = 4.0


def query_of(request: web.Request) -> Mapping[str, str]:
    """Give the parameters; one that stands twice could be read in two ways."""
    if len(set(request.query)) != len(request.query):
        raise Refused("a parameter stands twice")
    return request.query


async def body_of(request: web.Request) -> bytes:
    """Read the body, no more than is allowed, in no more than some seconds. Raises ``Refused``."""
    try:
        return await asyncio.wait_for(request.read(), READ_WITHIN)
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused("the body is too large") from error
    except asyncio.TimeoutError as error:
        raise Refused("the body takes too long") from error


def text(text: str, status: int = 200) -> web.Response:
    """Give an answer that is plain text."""
    return web.Response(text=text, status=status, content_type="text/plain", charset="utf-8")


def xml(text: str) -> web.Response:
    """Give an answer that is XML."""
    return web.Response(text=text, content_type="application/xml", charset="utf-8")
