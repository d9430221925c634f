"""What a channel is to the gateway, and what the gateway offers to a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.desk.messages import InboundMessage, OutboundMessage, QuickReply, TurnResult


class DeliveryState(str, Enum):
    """How far an outbound message has come."""

    SENT = "sent"
    WAITING = "waiting"
    HELD = "held"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True)
class Delivery:
    """What came of one attempt to deliver; ``retry_in`` is in seconds, ``reason`` is for staff.

    ``WAITING`` without ``retry_in``: a ``repeatable`` channel leaves it to the recipient to fetch the
    reply; for any other it is tried again after a pause that grows. ``HELD``: the platform takes no more
    for now; the reply is kept, and goes out first when the recipient writes again. ``spent`` is how many
    messages of the recipient's allowance the attempt took; ``closed`` tells that nothing is left of it;
    ``doubtful`` that the message may have arrived although it is not known to have.
    """

    state: DeliveryState
    reason: str | None = None
    retry_in: float | None = None
    spent: int = 0
    closed: bool = False
    doubtful: bool = False


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
    ``at`` is in seconds since the epoch, UTC. ``reason`` tells staff why a reply has not arrived.
    """

    id: int
    author: str
    text: str
    at: float
    state: str
    message_id: str | None = None
    quick_replies: tuple[QuickReply, ...] = ()
    reason: str | None = None


class Notes(Protocol):
    """What a channel keeps for itself, shared by all gateways of the deployment and through restarts.

    A note is of the channel, or of one ``sender``: then it goes when the sender's data is deleted. Every
    method raises ``StorageError``.
    """

    async def get(self, name: str, sender: str = "") -> str | None:
        """Give the note, unless there is none or its time is over."""

    async def put(self, name: str, value: str, seconds: float, sender: str = "") -> None:
        """Keep the note for so long, instead of the one there was."""

    async def claim(self, name: str, value: str, seconds: float, sender: str = "") -> str:
        """Keep the note unless there is one; give the one that holds. Of many who claim, one wins."""

    async def drop(self, name: str, sender: str = "") -> None:
        """Keep the note no longer."""


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

    async def hurry(self, channel: str, sender: str) -> int:
        """Have what waits for the sender tried at once, for they can be reached now. Gives how much waits."""

    async def forget(self, channel: str, sender: str) -> None:
        """Delete what is known of the sender. What was counted stays counted."""

    async def told(self, first: int, last: int) -> list[str]:
        """Give the texts of the bot's replies from the id ``first`` to ``last``, in order.

        Only those of the conversation that ``first`` belongs to; what was deleted is left out.
        """

    async def keep_picture(self, receipt: Receipt, kind: str, content: bytes) -> bool:
        """Keep the picture that a message was, for staff; it goes with what was typed.

        ``kind`` is its media type. ``False``: the message was deleted meanwhile, or its picture stands.
        """

    def stamp(self, *parts: str) -> str:
        """Give a mark on these words that only this deployment can make, always the same."""

    def notes(self, channel: str) -> Notes:
        """Give the channel's notes."""


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


@runtime_checkable
class Packs(Protocol):
    """A channel whose platform counts messages: several waiting replies may travel as one."""

    def pack(self, waiting: Sequence[OutboundMessage], now: float) -> OutboundMessage:
        """Give what is to be delivered next: the first that waits, or several in order (``carries``).

        ``waiting`` is never empty, and each has its ``room``. Pure: it may be called more than once.
        """


@runtime_checkable
class Complains(Protocol):
    """A channel that knows when its platform needs a person."""

    @property
    def complaints(self) -> tuple[str, ...]:
        """What a person must see to, without any secret; empty when all is well."""


@runtime_checkable
class Closes(Protocol):
    """A channel that holds connections of its own."""

    async def close(self) -> None:
        """Let go of them; called after the last delivery."""
