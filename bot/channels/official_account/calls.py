"""Calls of the platform's API over HTTP. Secrets are in the calls, and in no error that comes of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import aiohttp

ANSWER_LIMIT = 1 << 20
AT_ONCE = 100


class ApiError(Exception):
    """The platform's refusal, by its code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


class Unreachable(Exception):
    """No answer. ``arrived`` tells that the request may have arrived all the same."""

    def __init__(self, kind: str, arrived: bool) -> None:
        super().__init__(kind)
        self.arrived = arrived


class Calls:
    """The HTTP side. ``base`` is the address of the API, ``seconds`` the patience for one call."""

    def __init__(self, base: str, seconds: float) -> None:
        self._base = base.rstrip("/")
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """Call with GET. Raises ``ApiError`` and ``Unreachable``."""
        return await self._call("GET", path, query, None)

    async def post(self, path: str, body: dict[str, Any], **query: str) -> dict[str, Any]:
        """Call with POST and JSON. Raises ``ApiError`` and ``Unreachable``."""
        # Hanzi as they are: the platform shows escapes as they stand.
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return await self._call("POST", path, query, raw)

    async def fetch(self, path: str, limit: int, **query: str) -> bytes | None:
        """Get what is no JSON, at most ``limit`` bytes; ``None``: it is larger.

        Raises ``ApiError``, which the platform tells as JSON with status 200, and ``Unreachable``.
        """
        status, raw = await self._tried(self._exchange("GET", path, query, None, limit + 1))
        if status != 200 or raw.startswith(b"{"):
            _read(status, raw)
            raise Unreachable("an answer without what was asked for", arrived=True)
        return raw if len(raw) <= limit else None

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def _call(
        self, method: str, path: str, query: dict[str, str], body: bytes | None
    ) -> dict[str, Any]:
        return _read(*await self._tried(self._exchange(method, path, query, body)))

    async def _tried(self, exchange: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
        failure: Unreachable
        try:
            return await asyncio.wait_for(exchange, self._seconds)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            failure = Unreachable(type(error).__name__, arrived=False)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            failure = Unreachable(type(error).__name__, arrived=True)
        # Raised here, outside: the errors above hold the address, and the address holds the token.
        raise failure

    async def _exchange(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        body: bytes | None,
        limit: int = ANSWER_LIMIT,
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
        request = self._client().request(
            method, f"{self._base}{path}", params=query, data=body, headers=headers, allow_redirects=False
        )
        async with request as response:
            return response.status, await _read_up_to(response.content, limit)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The time is kept by ``_call``. Connections are not kept for long: a stale one looks like a
            # request that was lost.
            connector = aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=5, ttl_dns_cache=60)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=None, sock_connect=5)
            )
        return self._session


async def _read_up_to(content: aiohttp.StreamReader, limit: int) -> bytes:
    """Give all that comes, but no more than ``limit`` bytes."""
    parts, left = [], limit
    while left > 0 and (part := await content.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _read(status: int, raw: bytes) -> dict[str, Any]:
    """Give the answer. The platform says 200 also for errors; all else comes from something before it."""
    try:
        answer = json.loads(raw.decode("utf-8")) if status == 200 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Unreachable(f"status {status}", arrived=False)
    code = answer.get("errcode", 0)
    if code != 0:
        raise ApiError(code if isinstance(code, int) else -1)
    return answer
