"""The static files, and how the console is, for those who watch over it."""

from __future__ import annotations

from aiohttp import web

from bot.channels.webchat.files import answer
from bot.console.files import static_files
from bot.console.rendering import as_json
from bot.console.routes import PUBLIC, Route
from bot.console.services import services
from bot.desk.errors import StorageError
from bot.storage import audit_log


async def file(request: web.Request) -> web.Response:
    """One static file."""
    found = static_files().get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound()
    return answer(request, found, {})


async def health(request: web.Request) -> web.Response:
    """Say whether the database can be read. Nothing else is told to the anonymous."""
    try:
        await services(request).database.read(audit_log.head_of)
    except StorageError:
        return as_json({"status": "down"}, 503)
    return as_json({"status": "ok"})


ROUTES = (
    Route("GET", "/static/{name}", PUBLIC, file),
    Route("GET", "/health", PUBLIC, health),
)
