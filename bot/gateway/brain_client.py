"""Asks one of the brains: the same for the same conversation, another while that one is down.

The protocol, in short (``docs/brain.md`` has examples). The gateway sends ``POST {brain}/turns`` with JSON
``{"conversation", "channel", "message_id", "text", "sent_at", "receipt", "context"}``: the text is masked,
``sent_at`` is in seconds since the epoch, ``receipt`` is the number that the enquirer may be told, and
``context`` is what the last turn of the conversation left. The brain answers 200 with ``{"outcome",
"replies": [{"text", "quick_replies": [{"title", "payload"}]}], "entries", "facets", "confidence",
"context", "explanation", "hand_off", "asks_status"}``, of which only outcome and replies must be there, or
4xx/5xx with ``{"error": {"code", "message"}}``. ``GET {brain}/health`` answers 200 while the brain lives.
The gateway may ask the same turn twice; what a brain answers too late is thrown away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.desk.errors import BrainError
from bot.desk.messages import TurnResult
from bot.desk.turns import PendingTurn
from bot.gateway.brain_protocol import ANSWER_LIMIT, read_answer, write_request

log = logging.getLogger(__name__)

LOOK_AGAIN = 1.0  # seconds between two looks at a brain that does not answer
HEALTH_PATIENCE = 1.0
# Of what is left of the budget, so much goes to a brain while another could still be asked.
FIRST_SHARE = 0.6
_JSON = {"Content-Type": "application/json"}


class Unavailable(BrainError):
    """The brain cannot be reached, or not in time: another one may be asked."""


@dataclass(frozen=True)
class BrainState:
    """How a brain is: ``note`` is its own word, or why it cannot be asked."""

    number: int
    up: bool
    note: str


class Brain:
    """One brain. ``up`` is false from a failure until it answers ``/health`` again."""

    def __init__(self, number: int, url: str) -> None:
        self.number = number
        self.url = url
        self.up = True
        self.hung = False
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._watching: asyncio.Task[None] | None = None
        parts = urlsplit(url)
        self._socket = parts.path if parts.scheme == "unix" else None
        self._base = "http://brain" if self._socket else url

    def rank(self, conversation: str) -> bytes:
        """Give the weight of this brain for a conversation (rendezvous hashing)."""
        return sha256(f"{self.url}\n{conversation}".encode()).digest()

    async def ask(self, body: bytes, seconds: float, context: dict[str, Any]) -> TurnResult:
        """Put a turn. Raises ``Unavailable``, or ``BrainError`` when the brain refuses or errs."""
        try:
            status, raw = await asyncio.wait_for(self._post(body), seconds)
        except asyncio.TimeoutError as error:
            self._suspect(hung=True)
            raise Unavailable("late") from error
        except (aiohttp.ClientError, OSError) as error:
            self._suspect(hung=False)
            raise Unavailable(f"unreachable: {type(error).__name__}") from error
        if status == 503:
            raise Unavailable("not ready")
        if status != 200:
            raise BrainError(f"status {status}")
        return read_answer(raw, context)

    async def health(self) -> BrainState:
        """Ask the brain how it is."""
        try:
            status, state = await asyncio.wait_for(self._get_health(), HEALTH_PATIENCE)
        except asyncio.TimeoutError:
            return BrainState(self.number, False, "late")
        except (aiohttp.ClientError, OSError, ValueError):
            return BrainState(self.number, False, "unreachable")
        return BrainState(self.number, status == 200 and state != "starting", state)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        for session in self._sessions.values():
            await session.close()

    def _client(self, fresh: bool = False) -> aiohttp.ClientSession:
        """Give the session that keeps connections open, or the one that makes a new one each time."""
        if fresh not in self._sessions:
            connector = (
                aiohttp.UnixConnector(self._socket, limit=0, force_close=fresh)
                if self._socket
                else aiohttp.TCPConnector(limit=0, ttl_dns_cache=60, force_close=fresh)
            )
            # The time is kept by ``ask``: one clock for connecting, waiting and reading.
            patience = aiohttp.ClientTimeout(total=None)
            self._sessions[fresh] = aiohttp.ClientSession(connector=connector, timeout=patience)
        return self._sessions[fresh]

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        try:
            return await self._post_once(body, fresh=False)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # A connection that was kept open may have been closed from there; the brain may be well.
            return await self._post_once(body, fresh=True)

    async def _post_once(self, body: bytes, fresh: bool) -> tuple[int, bytes]:
        async with self._client(fresh).post(f"{self._base}/turns", data=body, headers=_JSON) as response:
            raw = bytearray()
            async for piece in response.content.iter_any():
                raw += piece
                if len(raw) > ANSWER_LIMIT:
                    raise BrainError(f"the answer is larger than {ANSWER_LIMIT} bytes")
            return response.status, bytes(raw)

    async def _get_health(self) -> tuple[int, str]:
        async with self._client().get(f"{self._base}/health") as response:
            body = await response.json(content_type=None)
            state = body.get("state", "ready") if isinstance(body, dict) else "ready"
            return response.status, str(state)[:40]

    def _suspect(self, hung: bool) -> None:
        self.hung = hung
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Find out whether the brain is well after all, and else wait until it is."""
        while not (await self.health()).up:
            if self.up:
                log.warning("brain %d does not answer", self.number)
            self.up = False
            await asyncio.sleep(LOOK_AGAIN)
        if not self.up:
            log.info("brain %d answers again", self.number)
        self.up, self.hung = True, False


class Brains:
    """All brains. ``budget`` is how many seconds a turn may take in all."""

    def __init__(self, urls: Sequence[str], budget: float) -> None:
        self._brains = [Brain(number, url) for number, url in enumerate(urls, 1)]
        self._budget = budget

    async def ask(self, turn: PendingTurn, receipt: str) -> TurnResult:
        """Give what a brain makes of the turn. Raises ``BrainError`` when none answers in time."""
        body = write_request(turn, receipt)
        end = time.monotonic() + self._budget
        asked = self._order(turn.conversation)
        failure = BrainError("no brain can be asked")
        for place, brain in enumerate(asked, 1):
            left = end - time.monotonic()
            if left <= 0:
                break
            try:
                return await brain.ask(body, left * (1 if place == len(asked) else FIRST_SHARE), turn.context)
            except Unavailable as error:
                failure = error
        raise failure

    def _order(self, conversation: str) -> list[Brain]:
        """Give the brains to be asked, in order: the well ones; those that are gone cost no time to try."""
        ranked = sorted(self._brains, key=lambda brain: brain.rank(conversation), reverse=True)
        return [b for b in ranked if b.up] + [b for b in ranked if not b.up and not b.hung]

    async def health(self) -> list[BrainState]:
        """Ask every brain how it is."""
        return list(await asyncio.gather(*(brain.health() for brain in self._brains)))

    async def close(self) -> None:
        """Let go of all connections."""
        await asyncio.gather(*(brain.close() for brain in self._brains))
