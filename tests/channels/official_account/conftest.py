"""A gateway with an official account, a stand-in brain and a fake platform, in each of the four modes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.gateway.service import World
from tests.support.account_client import MODES, Client, environment
from tests.support.busy import allowed
from tests.support.gateways import Running, rows, running, standin
from tests.support.platform import Platform, platform
from tests.support.standin_brain import StandIn


@dataclass
class Account:
    """Everything around one account."""

    gateway: Running
    client: Client
    platform: Platform
    brain: StandIn

    def rows(self, table: str) -> list[Any]:
        """Give the rows of a table."""
        return rows(self.gateway.gateway.database, table)

    @property
    def outbox(self) -> list[tuple[str, str]]:
        """What stands in the outbox: text and state."""
        return [(row.text, row.state) for row in self.rows("outbox")]


@asynccontextmanager
async def account(folder: Path, mode: str, world: World | None = None, **more: str) -> AsyncIterator[Account]:
    """Run an account on SQLite."""
    url = f"sqlite:///{folder / 'desk.db'}"
    async with standin() as (brain, brain_url), platform() as (fake, api):
        settings = environment(mode, api, **{"BOT_BRAIN_BUDGET": "20", **more})
        async with running(url, folder, [brain_url], world=world, **settings) as gateway:
            yield Account(gateway, Client(gateway.client, mode), fake, brain)


Open = Callable[..., Awaitable[Account]]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Give a function that runs an account for the rest of the test."""
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:

        async def open_one(mode: str = "secure", **more: Any) -> Account:
            return await stack.enter_async_context(account(tmp_path, mode, **more))

        yield open_one


@pytest.fixture(params=MODES)
async def each(request: pytest.FixtureRequest, opened: Callable[..., Any]) -> Account:
    """An account in each mode."""
    return await opened(request.param)


async def until(true: Callable[[], bool], seconds: float = 8) -> None:
    """Wait until something is so."""
    end = time.monotonic() + allowed(seconds)
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        await asyncio.sleep(0.02)
