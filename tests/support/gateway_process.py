"""A gateway in a process of its own that ends itself at a step: ``python -m tests.support.gateway_process``.

``KILL_AT`` is ``step:n``: the process is killed, as by ``kill -9``, when it comes to the step for the nth
time. ``PLATFORM`` is the address that replies are pushed to; with ``SEARCH`` the search answers when no brain
does. Everything else are the product's settings.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.base import Delivery, DeliveryState, Desk
from bot.desk.errors import DeskError
from bot.desk.messages import InboundMessage, OutboundMessage, Outcome, Reply, TurnResult
from bot.gateway.__main__ import serve
from bot.gateway.probes import STEPS
from bot.gateway.service import Gateway, World
from bot.settings import read_settings
from tests.support.gateways import knowledge


class Suicide:
    """Ends the process at the nth coming to a step."""

    def __init__(self, order: str) -> None:
        self._step, _, times = order.partition(":")
        self._times = int(times or 0)
        self._seen: Counter[str] = Counter()
        assert not self._step or self._step in STEPS, self._step

    def __call__(self, step: str) -> None:
        """Come to a step."""
        self._seen[step] += 1
        if step == self._step and self._seen[step] == self._times:
            os.kill(os.getpid(), signal.SIGKILL)


class Push:
    """A platform's channel: messages come by POST and are acknowledged at once, replies are pushed."""

    name = "push"
    repeatable = False

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._session: aiohttp.ClientSession | None = None

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """Put the platform's address on the application."""

        async def push(request: web.Request) -> web.Response:
            body: dict[str, Any] = await request.json()
            message = InboundMessage(
                "push", body["message_id"], body["sender"], "text", body["text"], body["at"]
            )
            await desk.accept(message)
            return web.Response(text="success")

        app.router.add_post("/push", push)
        app.on_cleanup.append(self._close)

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Push one reply."""
        self._session = self._session or aiohttp.ClientSession()
        body = {
            "id": message.id,
            "to": message.recipient,
            "text": message.reply.text,
            "in_reply_to": message.in_reply_to,
        }
        try:
            async with self._session.post(self._platform, json=body) as response:
                if response.status == 200:
                    return Delivery(DeliveryState.SENT)
                return Delivery(DeliveryState.WAITING, f"status {response.status}", 0.2)
        except aiohttp.ClientError as error:
            return Delivery(DeliveryState.WAITING, type(error).__name__, 0.2)

    async def _close(self, app: web.Application) -> None:
        if self._session:
            await self._session.close()


def found(text: str, context: Mapping[str, Any], receipt: str) -> TurnResult:
    """Answer as the search does, without a brain."""
    return TurnResult(Outcome.ANSWERED, (Reply(f"搜:{text}"),), context=dict(context))


def main() -> None:
    """Run the gateway."""
    push = Push(os.environ["PLATFORM"])
    world = World(probe=Suicide(os.environ.get("KILL_AT", "")), more_channels={"push": push})
    answer = found if os.environ.get("SEARCH") else None
    gateway = Gateway(read_settings(), knowledge(answer), world)
    try:
        gateway.open()
        asyncio.run(serve(gateway))
    except DeskError as error:
        sys.exit(f"{error.for_reader} ({error})")


if __name__ == "__main__":
    main()
