"""A whole gateway in the test's own event loop, with stand-in brains behind real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer

from bot.desk.catalogue import Catalogue
from bot.desk.messages import InboundMessage, TurnResult
from bot.gateway.fallback import Answer
from bot.gateway.health import CatalogueState
from bot.gateway.service import Gateway, Knowledge, World
from bot.gateway.topics import Promise
from bot.settings import read_settings
from bot.storage.database import Database
from bot.storage.live_casework import LiveCasework
from bot.storage.tables import metadata
from tests.samples import catalogue
from tests.support.standin_brain import StandIn

PROMISE = Promise("抱歉,已转{section},回执号:{receipt};电话 {phone}。", "已转{section},回执号:{receipt}。")
KEY = "test-key-0123456789"
DATA = Path(__file__).parents[2] / "data"


@dataclass
class Running:
    """A gateway that runs, and its client."""

    gateway: Gateway
    client: TestClient[Any, Any]

    async def ask(self, text: str, message_id: str, conversation: str = "c1") -> dict[str, Any]:
        """Put a question over REST and give the answer."""
        body = {"conversation": conversation, "message_id": message_id, "text": text}
        async with self.client.post("/api/v1/messages", json=body, headers={"X-API-Key": KEY}) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer

    async def tell(self, text: str, message_id: str, sender: str = "p1", channel: str = "push") -> TurnResult:
        """Put a message straight to the desk and give the result."""
        receipt = await self.gateway.desk.accept(message(text, message_id, sender, channel))
        result = await self.gateway.desk.result(receipt, 10)
        assert result is not None
        return result


def message(text: str, message_id: str, sender: str = "p1", channel: str = "push") -> InboundMessage:
    """Give an inbound message."""
    return InboundMessage(channel, message_id, sender, "text", text, 1_790_000_000.0)


def knowledge(answer: Answer | None = None, known: Catalogue | None = None) -> Knowledge:
    """Give knowledge of the sample catalogue."""
    held = known or catalogue()
    state = CatalogueState(held.version, len(held.entries), 0)
    return Knowledge(lambda: held, lambda: state, PROMISE, LiveCasework(DATA, lambda: held), answer)


@asynccontextmanager
async def running(
    url: str,
    folder: Path,
    brains: Sequence[str],
    *,
    world: World | None = None,
    answer: Answer | None = None,
    prepare: Callable[[Gateway], None] = lambda gateway: None,
    **environment: str,
) -> AsyncIterator[Running]:
    """Run a gateway with the REST channel."""
    settings = read_settings(
        {
            "DATABASE_URL": url,
            "BOT_VAR": str(folder / "var"),
            "BOT_CHANNELS": "rest",
            "BOT_API_KEY": KEY,
            "BOT_BRAINS": ",".join(brains),
            "BOT_BRAIN_BUDGET": "2",
            "BOT_DATABASE_TIMEOUT": "1",
            **environment,
        }
    )
    gateway = Gateway(settings, knowledge(answer), world)
    gateway.open()
    prepare(gateway)
    await gateway.start()
    try:
        async with TestClient(TestServer(gateway.application())) as client:
            yield Running(gateway, client)
    finally:
        await gateway.stop()


@asynccontextmanager
async def standin() -> AsyncIterator[tuple[StandIn, str]]:
    """Run a stand-in brain; gives it and its address."""
    brain = StandIn()
    async with TestServer(brain.application()) as server:
        yield brain, str(server.make_url("")).rstrip("/")


def rows(database: Database, table: str) -> list[Any]:
    """Give all rows of a table, in the order of their key."""
    chosen = metadata.tables[table]
    with database.reading() as connection:
        return list(connection.execute(sa.select(chosen).order_by(*chosen.primary_key.columns)))
