"""Asks the parts how they are, over a loopback port or a Unix socket."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=3)


async def health_of(url: str) -> dict[str, Any] | None:
    """Give what ``GET /health`` at the address says; ``None`` when nothing sensible answers in time."""
    parts = urlsplit(url)
    unix = parts.scheme == "unix"
    connector = aiohttp.UnixConnector(parts.path) if unix else None
    try:
        async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE) as session:
            async with session.get(f"{'http://brain' if unix else url}/health") as answer:
                body = await answer.json()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
        return None
    return body if isinstance(body, dict) else None
