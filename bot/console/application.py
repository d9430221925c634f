"""The console's application: every route behind its guard, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.console.guard import Guarded
from bot.console.middlewares import account, explain, guard, read_body
from bot.console.pages import ROUTES
from bot.console.routes import Route
from bot.console.services import SERVICES, Services

BODY_LIMIT = 512 * 1024  # bytes


def console_application(known: Services, routes: Iterable[Route] = ROUTES) -> web.Application:
    """Give the application. Nothing is reached but what the route table declares."""
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=(account, explain, read_body))
    app[SERVICES] = known
    app.on_response_prepare.append(guard)
    for route in routes:
        # aiohttp would answer HEAD by the handler of GET; the guard is the same.
        app.router.add_route(route.method, route.path, Guarded(route).handle)
    return app
