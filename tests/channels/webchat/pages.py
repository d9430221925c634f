"""A web chat on a free port, and pages that talk to it as the browser's script does."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from bot.channels.webchat import Face, Limits, Options, WebChat, read_texts
from bot.channels.webchat.session import sender_of
from bot.desk.bureau import Bureau
from tests.channels.webchat.memory_desk import MemoryDesk

TEXTS = Path(__file__).parents[3] / "data" / "responses" / "webchat.yml"
BUREAU = Bureau(
    name="某市某局",
    short_names=("某局",),
    former_names=(),
    address="某路1号",
    phone="0000-1234567",
    website="https://a.example",
    hours=None,
    sections={},
    bodies={},
    default_section="office",
)
NOTICE = "演示数据"
SOON = 3.0


class Ticks:
    """A steady clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Server:
    """One server; stopping and starting it again keeps the desk and the port."""

    def __init__(
        self,
        limits: Limits,
        desk: MemoryDesk | None = None,
        origins: tuple[str, ...] = (),
        ticks: Callable[[], float] | None = None,
        **face: Any,
    ) -> None:
        self.desk = desk or MemoryDesk()
        self.ticks = ticks or Ticks()
        self.face = Face(BUREAU, read_texts(TEXTS), NOTICE)
        self.face = replace(self.face, **face)
        self._options = Options(allowed_origins=origins, limits=limits)
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._session: ClientSession | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def http(self) -> ClientSession:
        assert self._session
        return self._session

    async def start(self) -> None:
        self.chat = WebChat(lambda: self.face, self._options, ticks=self.ticks)
        self.desk.channel = self.chat
        app = web.Application()
        self.chat.add_routes(app, self.desk)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._session = self._session or ClientSession()

    async def halt(self) -> None:
        """Stop serving, as for an update."""
        assert self._runner
        await self._runner.cleanup()

    async def stop(self) -> None:
        await self.desk.close()
        await self.halt()
        await self.http.close()

    async def line(self, **headers: str) -> ClientWebSocketResponse:
        return await self.http.ws_connect(f"{self.url}/chat/ws", headers=headers)

    async def page(self, session: str | None = None, after: int = 0) -> Page:
        """Open a page that has said hello and was welcomed."""
        page = Page(await self.line())
        await page.say(type="hello", after=after, **({"session": session} if session else {}))
        page.welcome = await page.hear("welcome")
        page.session = page.welcome["session"]
        return page


class Page:
    """One open page."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.session = ""
        self.welcome: dict[str, Any] = {}
        self.heard: list[dict[str, Any]] = []

    @property
    def sender(self) -> str:
        return sender_of(self.session)

    async def say(self, **frame: Any) -> None:
        await self.socket.send_json(frame)

    async def send(self, text: str, message_id: str | None = None) -> str:
        """Send a message. Gives its id."""
        message_id = message_id or secrets.token_hex(16)
        await self.say(type="send", message_id=message_id, text=text)
        return message_id

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """Give the next frame of one of these types."""
        while True:
            message = await self.socket.receive(SOON)
            assert message.type is WSMsgType.TEXT, f"{message.type} {message.data} while waiting for {kinds}"
            frame = message.json()
            self.heard.append(frame)
            if frame["type"] in kinds:
                return frame

    async def quiet(self, seconds: float = 0.15) -> list[dict[str, Any]]:
        """Give everything that comes in a while."""
        frames = []
        try:
            while True:
                frames.append((await self.socket.receive(seconds)).json())
        except asyncio.TimeoutError:
            return frames

    async def closed(self) -> int:
        """Wait for the server to end the line. Gives the code."""
        while True:
            message = await self.socket.receive(SOON)
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING):
                return message.data or self.socket.close_code or 0
