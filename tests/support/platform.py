"""A platform's API that is none: counts tokens, keeps the quota, and misbehaves when it is told to."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

APP_ID, APP_SECRET = "wx0123456789abcdef", "secret-0123456789abcdef"
RESET, GARBAGE, TAKEN_AND_RESET = "reset", "garbage", "taken and reset"


@dataclass
class Platform:
    """The API. ``says`` are the answers to the next sends (codes, or ``RESET`` …), then all is well.

    ``quota``: messages that a user may get before they write again, kept when it is set. ``delay`` is in
    seconds. ``arrived`` holds what users were shown, in order.
    """

    says: deque[Any] = field(default_factory=deque)
    delay: float = 0.0
    quota: int | None = None
    token_says: deque[int] = field(default_factory=deque)
    lives: float = 7200
    arrived: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    fetched: int = 0
    media: dict[str, Any] = field(default_factory=dict)
    fetches: list[str] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    over_quota: int = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def application(self) -> web.Application:
        """Give the application."""
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_get("/cgi-bin/token", self._token)
        app.router.add_get("/cgi-bin/media/get", self._media)
        for path in (
            "message/custom/send",
            "message/custom/typing",
            "message/subscribe/bizsend",
            "menu/create",
        ):
            app.router.add_post(f"/cgi-bin/{path}", self._call)
        return app

    def wrote(self, user: str) -> None:
        """A user writes to the account: their quota is fresh."""
        self.used[user] = 0

    def expire(self) -> None:
        """Let every token end before its time."""
        self.good.clear()

    def sent(self, path: str) -> list[dict[str, Any]]:
        """Give the bodies of the calls of a path."""
        return [body for called, body in self.calls if called.endswith(path)]

    async def _media(self, request: web.Request) -> web.Response:
        if request.query.get("access_token") not in self.good:
            return _answer({"errcode": 40001, "errmsg": "access_token expired rid: 1"})
        self.fetches.append(request.query["media_id"])
        found = self.media.get(request.query["media_id"], 40007)
        found = found.popleft() if isinstance(found, deque) else found
        if found == GARBAGE:
            return web.Response(text="<html>502</html>", status=502)
        if isinstance(found, int):
            return _answer({"errcode": found, "errmsg": "invalid media_id"})
        return web.Response(body=found, content_type="image/jpeg")

    async def _stable_token(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert body["grant_type"] == "client_credential"
        if body["force_refresh"]:
            self.good.clear()
        return await self._give_token(body["appid"], body["secret"], stable=True)

    async def _token(self, request: web.Request) -> web.Response:
        self.good.clear()
        return await self._give_token(request.query["appid"], request.query["secret"], stable=False)

    async def _give_token(self, app_id: str, secret: str, stable: bool) -> web.Response:
        await asyncio.sleep(self.delay)
        if self.token_says:
            return _answer({"errcode": self.token_says.popleft(), "errmsg": "no"})
        if (app_id, secret) != (APP_ID, APP_SECRET):
            return _answer({"errcode": 40125, "errmsg": "invalid appsecret"})
        self.fetched += 1
        if not (stable and self.good):
            self.good = {f"token-{next(self._numbers)}" * 20}
        return _answer({"access_token": next(iter(self.good)), "expires_in": self.lives})

    async def _call(self, request: web.Request) -> web.Response:
        body = await request.json()
        raw = await request.text()
        assert "\\u" not in raw, "the platform shows escapes as they stand"
        await asyncio.sleep(self.delay)
        if request.query.get("access_token") not in self.good:
            return _answer({"errcode": 42001, "errmsg": "access_token expired rid: 1"})
        self.calls.append((request.path, body))
        if not request.path.endswith("custom/send"):
            return _answer({"errcode": 0, "errmsg": "ok"})
        return await self._send(request, body)

    async def _send(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        say = self.says.popleft() if self.says else 0
        user = body["touser"]
        if self.quota is not None and say == 0 and self.used[user] >= self.quota:
            self.over_quota += 1
            say = 45047
        text = body["text"]["content"] if body["msgtype"] == "text" else body["msgmenu"]["head_content"]
        if say == 0 and len(text.encode()) > 2048:
            say = 45002
        if say in (0, TAKEN_AND_RESET):
            self.used[user] += 1
            self.arrived[user].append(text)
        if say in (RESET, TAKEN_AND_RESET):
            assert request.transport is not None
            request.transport.abort()
        if say == GARBAGE:
            return web.Response(text="<html>502</html>", status=502)
        return _answer({"errcode": say if isinstance(say, int) else -1, "errmsg": "rid: 2"})


def _answer(body: dict[str, Any]) -> web.Response:
    return web.json_response(body)


@asynccontextmanager
async def platform() -> AsyncIterator[tuple[Platform, str]]:
    """Run a platform; gives it and its base address."""
    fake = Platform()
    async with TestServer(fake.application()) as server:
        yield fake, str(server.make_url("")).rstrip("/")
