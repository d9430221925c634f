"""The web chat as a channel: its addresses on the public application, and the delivery of replies."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable

from aiohttp import web

from bot.channels.base import Delivery, DeliveryState, Desk
from bot.channels.webchat import protocol
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.limits import Limiter, household
from bot.channels.webchat.options import Face, Options
from bot.channels.webchat.origins import allowed
from bot.channels.webchat.session import new_secret
from bot.channels.webchat.site import GUARDS, Site
from bot.channels.webchat.talk import NAME, Counter, Talk
from bot.desk.messages import OutboundMessage

RETRY_IN = 30.0
# A larger frame than this many times the limit ends the line; up to it, the page is told and may go on.
LARGEST = 8


class WebChat:
    """The web chat.

    ``face`` is called for every page; ``clock`` gives seconds since the epoch, ``ticks`` steady seconds.
    """

    name = NAME
    repeatable = True

    def __init__(
        self,
        face: Callable[[], Face],
        options: Options | None = None,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        secret: Callable[[], str] = new_secret,
    ) -> None:
        self._face = face
        self._options = options or Options()
        self._clock = clock
        self._ticks = ticks
        self._secret = secret
        self._hub = Hub(self._options.limits.pages_per_session)
        self._lines = Limiter(self._options.limits.lines_per_address, ticks)

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """Put the page, the widget and the line on the public application."""
        Site(self._face, self._options.allowed_origins).add_routes(app)
        limits = self._options.limits
        counter = Counter(
            desk=desk,
            hub=self._hub,
            sessions=Limiter(limits.sends_per_session, self._ticks),
            addresses=Limiter(limits.sends_per_address, self._ticks),
            limits=limits,
            face=self._face,
            clock=self._clock,
            ticks=self._ticks,
            new_secret=self._secret,
        )

        async def line(request: web.Request) -> web.StreamResponse:
            return await self._line(request, counter)

        app.router.add_get("/chat/ws", line)
        app.on_shutdown.append(self._close)

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Push to all open pages; ``SENT`` means that one has shown it. Who is away fetches it on return."""
        links = self._hub.links(message.recipient)
        if not links:
            return Delivery(DeliveryState.WAITING, "no open page")
        shown = self._hub.expect(message.recipient, message.id)
        async with self._hub.turn(message.recipient):
            await asyncio.gather(*(link.put_reply(message, self._clock()) for link in links))
        try:
            sent = await asyncio.wait_for(shown, self._options.limits.ack_within)
        except asyncio.TimeoutError:
            return Delivery(DeliveryState.WAITING, "the page has not answered", RETRY_IN)
        if sent:
            return Delivery(DeliveryState.SENT)
        return Delivery(DeliveryState.WAITING, "the page was closed")

    async def _line(self, request: web.Request, counter: Counter) -> web.StreamResponse:
        refusals = self._face().texts
        if not allowed(request.headers.get("Origin"), request.host, self._options.allowed_origins):
            return web.Response(status=403, text=refusals.refusal("foreign_origin"), headers=GUARDS)
        address = household(self._options.address_of(request))
        wait = self._lines.wait(address)
        if wait:
            seconds = math.ceil(wait)
            text = refusals.refusal("too_many_lines", seconds=seconds)
            return web.Response(status=429, text=text, headers={**GUARDS, "Retry-After": str(seconds)})
        socket = web.WebSocketResponse(
            heartbeat=counter.limits.heartbeat,
            max_msg_size=counter.limits.frame_bytes * LARGEST,
            compress=False,
        )
        await socket.prepare(request)

        def cut() -> None:
            if request.transport:
                request.transport.abort()

        await Talk(counter, socket, address, cut).run()
        return socket

    async def _close(self, app: web.Application) -> None:
        await asyncio.gather(*(link.close(protocol.STOPPING) for link in self._hub.everyone()))
