"""A real web chat on a free port, over a desk in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.channels.webchat import Limits
from tests.channels.webchat.pages import Server


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Awaitable[Server]]]:
    """Start servers; all are stopped after the test."""
    servers: list[Server] = []

    async def start(limits: Limits | None = None, **more: object) -> Server:
        server = Server(limits or Limits(), **more)
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def server(serve: Callable[..., Awaitable[Server]]) -> Server:
    """Start one server with the ordinary limits."""
    return await serve()
