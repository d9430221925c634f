"""The stream of news to an open page, as server-sent events."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console.feed import News
from bot.console.rendering import dump
from bot.console.routes import Route
from bot.console.seeing import concerns
from bot.console.services import SESSION, account_of, services
from bot.desk.accounts import AUDITING
from bot.desk.staff import WORKING
from bot.storage import sessions

BEAT = 20.0  # seconds of silence after which a comment keeps proxies from closing the stream
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}


async def stream(request: web.Request) -> web.StreamResponse:
    """Send news until the page goes, the session ends or the console stops."""
    known = services(request)
    response = web.StreamResponse(headers=HEADERS)
    queue = known.feed.listen()
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while await _one(request, response, queue):
            pass
    except ConnectionResetError:
        pass  # the page went away
    finally:
        known.feed.leave(queue)
    return response


async def _one(request: web.Request, response: web.StreamResponse, queue: asyncio.Queue[News]) -> bool:
    """Send the next piece of news, or a beat. ``False``: it is over."""
    try:
        news = await asyncio.wait_for(queue.get(), BEAT)
    except asyncio.TimeoutError:
        if not await _is_in(request):
            await response.write(b"event: over\ndata: {}\n\n")
            return False
        await response.write(b": beat\n\n")
        return True
    if news.get("kind") == "end":
        return False
    if not concerns(account_of(request), news):
        return True
    told = {name: value for name, value in news.items() if name != "about"}
    await response.write(f"data: {dump(told)}\n\n".encode())
    return True


async def _is_in(request: web.Request) -> bool:
    # The token may have been replaced since the stream began; the token of the forms stays.
    known, csrf = services(request), request[SESSION].csrf
    return await known.database.read(lambda c: sessions.stands(c, csrf, known.clock()))


ROUTES = (Route("GET", "/events", WORKING | AUDITING, stream, quiet=True),)
