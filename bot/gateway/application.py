"""The public application: the channels' addresses, the health page, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.channels.base import Channel, Desk
from bot.gateway.health import Health
from bot.gateway.health_page import HealthPage
from bot.gateway.middlewares import account, explain, guard, read_body


def public_application(
    desk: Desk, channels: Iterable[Channel], health: Health, body_limit: int
) -> web.Application:
    """Give the application. ``body_limit`` is in bytes, and kept while a body is being read."""
    app = web.Application(client_max_size=body_limit, middlewares=(account, explain, read_body))
    app.on_response_prepare.append(guard)
    HealthPage(health).add_routes(app)
    for channel in channels:
        channel.add_routes(app, desk)
    return app
