"""The access token: fetched by one process at a time, known to all through the notes in the database."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.base import Notes
from bot.channels.official_account.calls import Unreachable

NOTE, LEASE, FORCED = "token", "token.renewing", "token.forced"
LEASE_SECONDS = 20.0
LOOK_EVERY = 0.1
EARLY = 300.0
"""Seconds before its end from which on a token is not used: so long the old one lives beside the new."""
FORCED_EVERY = 60.0  # the vendor allows 20 a day and one in 30 seconds


@dataclass(frozen=True)
class Token:
    """A token, and until when it is used (seconds since the epoch)."""

    text: str
    until: float


# ``force`` kills the token there is; gives the token and the seconds that it lives.
Fetch = Callable[[bool], Awaitable[tuple[str, float]]]


class Tokens:
    """Gives the token that holds. ``owner`` names this process; ``clock`` is in seconds since the epoch."""

    def __init__(self, notes: Notes, fetch: Fetch, owner: str, clock: Callable[[], float]) -> None:
        self._notes = notes
        self._fetch = fetch
        self._owner = owner
        self._clock = clock
        self._lock = asyncio.Lock()
        self._held: Token | None = None

    async def get(self, failed: str | None = None) -> str:
        """Give a token other than the one that ``failed``.

        Raises ``ApiError`` and ``Unreachable`` when none can be had, and ``StorageError``.
        """
        async with self._lock:
            if not self._good(self._held, failed):
                self._held = await self._shared(failed)
            assert self._held is not None
            return self._held.text

    async def _shared(self, failed: str | None) -> Token:
        """Give the token of all processes; of those that find none, one fetches it."""
        end = time.monotonic() + LEASE_SECONDS
        while time.monotonic() < end:
            stored = await self._stored()
            if stored and self._good(stored, failed):
                return stored
            if await self._notes.claim(LEASE, self._owner, LEASE_SECONDS) == self._owner:
                try:
                    return await self._renewed(failed)
                finally:
                    await self._notes.drop(LEASE)
            await asyncio.sleep(LOOK_EVERY)
        raise Unreachable("another process does not come by a token", arrived=False)

    async def _renewed(self, failed: str | None) -> Token:
        stored = await self._stored()  # it may have come while we waited for our turn
        if stored and self._good(stored, failed):
            return stored
        text, seconds = await self._fetch(False)
        if text == failed and await self._may_force():
            text, seconds = await self._fetch(True)
        lives = max(seconds - EARLY, seconds / 2)
        token = Token(text, self._clock() + lives)
        await self._notes.put(NOTE, json.dumps([token.text, token.until]), lives)
        return token

    async def _may_force(self) -> bool:
        mark = f"{self._owner} {self._clock()}"
        return await self._notes.claim(FORCED, mark, FORCED_EVERY) == mark

    async def _stored(self) -> Token | None:
        note = await self._notes.get(NOTE)
        return Token(*json.loads(note)) if note else None

    def _good(self, token: Token | None, failed: str | None) -> bool:
        return token is not None and token.text != failed and token.until > self._clock()
