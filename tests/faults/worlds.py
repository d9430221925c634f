"""A deployment of real processes, and a platform that pushes messages until they are acknowledged."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.storage.tables import conversations, enquiries, inbox, outbox

KEY = "test-key-0123456789"


class Process:
    """A process of ours that may be killed and started again."""

    def __init__(self, module: str, *arguments: str, log: Path, **environment: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = {**os.environ, **environment}
        self._log = log
        self.running: asyncio.subprocess.Process | None = None

    async def start(self, **environment: str) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                *self._command, env={**self._environment, **environment}, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """Kill it as ``kill -9`` does."""
        if self.running and self.running.returncode is None:
            self.running.send_signal(signal.SIGKILL)
            await self.running.wait()

    async def ended(self, seconds: float = 90) -> int:
        """Wait until it has ended by itself."""
        assert self.running is not None
        return await asyncio.wait_for(self.running.wait(), seconds)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.running is not None and self.running.returncode is None


@dataclass
class Platform:
    """What the enquirers' side saw: messages acknowledged, and replies that arrived."""

    acknowledged: list[str] = field(default_factory=list)
    arrived: list[dict[str, Any]] = field(default_factory=list)

    def application(self) -> web.Application:
        """Give the platform's API."""
        app = web.Application()
        app.router.add_post("/send", self._send)
        return app

    async def _send(self, request: web.Request) -> web.Response:
        self.arrived.append(await request.json())
        return web.Response(text="ok")


@dataclass
class Deployment:
    """Gateway and brain as processes, and the platform in the test."""

    url: str
    port: int
    brain_port: int
    gateway: Process
    brain: Process
    platform: Platform

    async def push(self, sender: str, texts: Iterable[str]) -> None:
        """Push messages of one sender in order, each again and again until it is acknowledged."""
        async with aiohttp.ClientSession() as session:
            for text in texts:
                body = {"message_id": f"{sender}-{text}", "sender": sender, "text": text, "at": 1.0}
                while not await self._pushed(session, body):
                    await asyncio.sleep(0.1)
                self.platform.acknowledged.append(body["message_id"])

    async def _pushed(self, session: aiohttp.ClientSession, body: dict[str, Any]) -> bool:
        patience = aiohttp.ClientTimeout(total=5)
        try:
            async with session.post(
                f"http://127.0.0.1:{self.port}/push", json=body, timeout=patience
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def ready(self, seconds: float = 120) -> None:
        """Wait until the gateway and the brain answer."""
        end = time.monotonic() + seconds
        for port in (self.port, self.brain_port):
            while not await _answers(port):
                assert time.monotonic() < end, "gateway or brain did not become ready"
                await asyncio.sleep(0.1)

    def rows(self, table: sa.Table) -> list[Any]:
        """Give all rows of a table."""
        engine = sa.create_engine(self.url, future=True)
        try:
            with engine.connect() as connection:
                return list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))
        finally:
            engine.dispose()

    async def settled(self, seconds: float = 150) -> None:
        """Wait until every message is answered and every reply has arrived."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            answered = all(row.state == "done" for row in self.rows(inbox))
            if answered and all(row.state == "sent" for row in self.rows(outbox)):
                return
            await asyncio.sleep(0.2)
        states = (
            Counter(row.state for row in self.rows(inbox)),
            Counter(row.state for row in self.rows(outbox)),
        )
        raise AssertionError(f"not everything was answered: {states}")

    def check(self, expected: int) -> None:
        """Hold the promises: every acknowledged message answered and counted once, in order."""
        messages, replies, logged = self.rows(inbox), self.rows(outbox), self.rows(enquiries)
        assert len(self.platform.acknowledged) == expected
        assert sorted(row.message_id for row in messages) == sorted(self.platform.acknowledged)
        assert sorted(row.inbox_id for row in logged) == sorted(row.id for row in messages)
        assert sorted(row.inbox_id for row in replies) == sorted(row.id for row in messages)
        assert all(row.lease_owner is None for row in self.rows(conversations))
        self._check_arrivals(replies)
        self._check_memory(messages)

    def _check_arrivals(self, replies: list[Any]) -> None:
        times = Counter(reply["id"] for reply in self.platform.arrived)
        assert set(times) == {row.id for row in replies}
        # The one exception: an attempt that a crash cut off may arrive twice, and then it says so.
        assert {key for key, n in times.items() if n > 1} <= {row.id for row in replies if row.doubtful}
        for sender in {reply["to"] for reply in self.platform.arrived}:
            firsts = dict.fromkeys(r["id"] for r in self.platform.arrived if r["to"] == sender)
            assert list(firsts) == sorted(firsts)

    def _check_memory(self, messages: list[Any]) -> None:
        asked = Counter(row.conversation_id for row in messages)
        assert {row.id: row.turns for row in self.rows(conversations)} == dict(asked)


async def _answers(port: int) -> bool:
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/health") as response:
                return response.status == 200
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def deployment(url: str, folder: Path, **environment: str) -> AsyncIterator[Deployment]:
    """Run a brain; the gateway is for the test to start."""
    platform = Platform()
    port, brain_port = unused_port(), unused_port()
    async with TestServer(platform.application()) as server:
        brain = Process("tests.support.standin_brain", "--port", str(brain_port), log=folder / "brain.log")
        gateway = Process(
            "tests.support.gateway_process",
            log=folder / "gateway.log",
            DATABASE_URL=url,
            BOT_VAR=str(folder / "var"),
            BOT_API_KEY=KEY,
            BOT_PORT=str(port),
            BOT_BRAINS=f"http://127.0.0.1:{brain_port}",
            PLATFORM=str(server.make_url("/send")),
            **{"BOT_CHANNELS": "rest", "BOT_BRAIN_BUDGET": "2", **environment},
        )
        await brain.start()
        try:
            yield Deployment(url, port, brain_port, gateway, brain, platform)
        finally:
            await gateway.kill()
            await brain.kill()
            if sys.exc_info()[0] is not None:
                print((folder / "gateway.log").read_text("utf-8", "replace")[-5000:])
