"""What a channel is to the gateway, and what the gateway offers to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from aiohttp import web

from bot.desk.messages import InboundMessage, OutboundMessage, QuickReply, TurnResult


class DeliveryState(str, Enum):
    """How far an outbound message has come."""

    SENT = "sent"
    WAITING = "waiting"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True)
class Delivery:
    """What came of one attempt to deliver; ``retry_in`` is in seconds, ``reason`` is for staff.

    ``WAITING`` without ``retry_in``: a ``repeatable`` channel leaves it to the recipient to fetch the
    reply; for any other it is tried again after a pause that grows.
    """

    state: DeliveryState
    reason: str | None = None
    retry_in: float | None = None


@dataclass(frozen=True)
class Receipt:
    """The proof that a message stands in the inbox. ``repeated`` tells that it already stood there."""

    id: int
    number: str
    repeated: bool


@dataclass(frozen=True)
class TranscriptLine:
    """One line of what was said. ``author`` is ``enquirer``, ``bot`` or ``staff``.

    ``id`` is the outbox id for lines to the enquirer and the inbox id for lines from them;
    ``at`` is in seconds since the epoch, UTC.
    """

    id: int
    author: str
    text: str
    at: float
    state: str
    message_id: str | None = None
    quick_replies: tuple[QuickReply, ...] = ()


class Desk(Protocol):
    """What the gateway offers to every channel."""

    async def accept(self, message: InboundMessage) -> Receipt:
        """Commit the message to the inbox, then return. A repeat gives the first receipt again.

        Raises ``MessageError`` (``too_long``, ``empty``, ``not_text``, ``conflict`` when the same id
        comes with another text) and ``StorageError`` when nothing could be written.
        """

    async def result(self, receipt: Receipt, timeout: float) -> TurnResult | None:
        """Wait up to ``timeout`` seconds for what the turn came to; ``None`` when it is not ready."""

    async def transcript(self, channel: str, sender: str, limit: int = 200) -> list[TranscriptLine]:
        """Give the last lines of the conversation, oldest first, each question before its replies."""

    async def outgoing(self, channel: str, sender: str, after: int) -> list[OutboundMessage]:
        """Give the replies with an id above ``after``, in order, delivered before or not."""

    async def answered(self, receipt: Receipt) -> None:
        """Mark the replies to this message as delivered: they went out with the platform's own request."""

    async def acknowledged(self, channel: str, sender: str, up_to: int) -> None:
        """Mark the replies up to this id as delivered."""


class Channel(Protocol):
    """One platform.

    ``repeatable`` tells that a reply may be delivered again without harm, because the recipient knows it
    by its id and fetches what it has missed (``Desk.outgoing``). Where it is false, the gateway sees to it
    that no two processes deliver the same reply, and notes each attempt before it begins.
    """

    name: str
    repeatable: bool

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """Put the channel's addresses on the public application."""

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Try once to deliver. Called in order per recipient; never raises for what the platform does."""
