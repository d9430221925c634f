"""How an enquirer speaks on each channel: puts a message until it is taken in, and hears what comes back."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any, Protocol

import aiohttp

from tests.support.account_client import Client, environment
from tests.support.busy import allowed
from tests.support.platform import Platform

CHANNELS = ("webchat", "plain", "compatible", "secure", "yixin")


class Speaker(Protocol):
    """One enquirer on one channel."""

    async def put(self, text: str, key: int) -> None:
        """Put message number ``key``, again and again until it is taken in."""

    def heard(self) -> list[str]:
        """Give what the enquirer was shown, in order; what their side knows to be a repeat left out."""

    async def close(self) -> None:
        """Let go of connections."""


def settings_for(channel: str, api: str) -> dict[str, str]:
    """Give the settings of a gateway with this channel."""
    return {"BOT_CHANNELS": "rest,webchat"} if channel == "webchat" else environment(channel, api)


def speaker(channel: str, base: str, platform: Platform, name: str = "u1") -> Speaker:
    """Give an enquirer who speaks to the gateway at ``base``."""
    return Page(base) if channel == "webchat" else Follower(channel, base, platform, name)


class Follower:
    """A follower of an official account: what comes passively and by the API is one conversation to them."""

    def __init__(self, mode: str, base: str, platform: Platform, name: str) -> None:
        self._session = aiohttp.ClientSession()
        self._client = Client(self._session, mode, base)
        self._platform = platform
        self._name = name
        self._number = secrets.randbelow(10**9) * 10**6

    async def put(self, text: str, key: int) -> None:
        """Push as the platform does: again after five seconds, or when the line breaks."""
        pushed = self._client.text(self._name, text, str(self._number + key))
        self._platform.wrote(self._name)
        while True:
            try:
                answer = await self._client.push(pushed)
            except (aiohttp.ClientError, asyncio.TimeoutError):
                await asyncio.sleep(0.1)
                continue
            assert answer.status == 200
            if answer.text is not None:
                self._platform.arrived[self._name].append(answer.text)
            return

    def heard(self) -> list[str]:
        """Give all texts; suggestions under them are no part of what is compared."""
        return [text.split("\n可以接着问")[0] for text in self._platform.arrived[self._name]]

    async def close(self) -> None:
        """Let go of connections."""
        await self._session.close()


class Page:
    """A page of the web chat that opens its line anew when it breaks, and knows replies by their id."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._http = aiohttp.ClientSession()
        self._session: str | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._shown: dict[int, str] = {}
        self._accepted: set[str] = set()
        self._reading: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._key = secrets.token_hex(12)

    async def put(self, text: str, key: int) -> None:
        """Send until it is accepted."""
        message_id = f"{self._key}{key:08d}"
        while message_id not in self._accepted:
            try:
                socket = await self._line()
                await socket.send_json({"type": "send", "message_id": message_id, "text": text})
            except (aiohttp.ClientError, ConnectionError, TypeError):
                await asyncio.sleep(0.1)
                continue
            end = time.monotonic() + 1.0
            while message_id not in self._accepted and time.monotonic() < end:
                await asyncio.sleep(0.01)

    def heard(self) -> list[str]:
        """Give the replies."""
        return list(self._shown.values())

    async def close(self) -> None:
        """Let go of connections."""
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._socket:
            await self._socket.close()
        await self._http.close()

    async def _line(self) -> aiohttp.ClientWebSocketResponse:
        async with self._opening:
            return await self._opened()

    async def _opened(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is not None and not self._socket.closed:
            return self._socket
        socket = await self._http.ws_connect(f"{self._base}/chat/ws")
        hello: dict[str, Any] = {"type": "hello", "after": max(self._shown, default=0)}
        try:
            await socket.send_json({**hello, "session": self._session} if self._session else hello)
            self._take(await socket.receive_json(timeout=allowed(10)))
        except BaseException:
            await socket.close()
            raise
        self._socket = socket
        self._reading = asyncio.create_task(self._read(socket))
        return socket

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self._take(message.json())
        while True:  # the line broke: open it again, as the page's script does
            try:
                await self._line()
                return
            except (aiohttp.ClientError, ConnectionError, TypeError):
                await asyncio.sleep(0.1)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "welcome":
            self._session = frame["session"]
        if frame["type"] == "accepted":
            self._accepted.add(frame["message_id"])
        lines = [frame] if frame["type"] == "reply" else frame.get("history", [])
        for line in lines:
            if line["author"] != "enquirer":
                self._shown.setdefault(line["id"], line["text"])
