"""What goes in and what comes out: messages, replies, and the typed result of one turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Outcome(str, Enum):
    """How a turn ended."""

    ANSWERED = "answered"
    CLARIFYING = "clarifying"
    HANDED_OFF = "handed_off"
    REDIRECTED = "redirected"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True)
class QuickReply:
    """A button: what it says, and the text that a tap on it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to the enquirer: at most 2048 bytes of UTF-8, with buttons under it."""

    text: str
    quick_replies: tuple[QuickReply, ...] = ()


@dataclass(frozen=True)
class Allowance:
    """How many messages a platform lets us send after one of theirs, and for how many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True)
class InboundMessage:
    """One message as a channel received it. ``sent_at`` is in seconds since the epoch, UTC.

    ``answer`` is what the channel itself has to say to it: then no brain is asked, and the message may be
    of another kind than text. ``allowance`` is what the platform grants with the message; none is no limit.
    """

    channel: str
    message_id: str
    sender: str
    kind: str
    text: str
    sent_at: float
    answer: Reply | None = None
    allowance: Allowance | None = None


@dataclass(frozen=True)
class Room:
    """What is left of an allowance: so many messages, until then (seconds since the epoch, UTC)."""

    left: int
    until: float

    def open_at(self, now: float) -> bool:
        """Say whether a message may be sent at this moment."""
        return self.left > 0 and now < self.until


@dataclass(frozen=True)
class OutboundMessage:
    """One reply on its way: ``id`` orders it within its conversation and never changes.

    ``author`` is ``bot`` or ``staff``; ``at`` is when it was committed, in seconds since the epoch, UTC.
    ``room`` is what the recipient's platform still allows. ``carries`` are the ids of all replies that
    travel in this one, its own included, where a channel has packed several (``Packs``).
    """

    id: int
    channel: str
    recipient: str
    reply: Reply
    in_reply_to: str | None = None
    author: str = "bot"
    at: float | None = None
    room: Room | None = None
    carries: tuple[int, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of all replies that travel in this message."""
        return self.carries or (self.id,)


@dataclass(frozen=True)
class TurnResult:
    """What one turn came to. ``entries`` are codes, ``context`` is what the next turn starts from.

    ``hand_off`` is why staff are to answer. ``asks_status`` tells that it was asked how far a handoff has
    come, ``rating`` is how satisfied the enquirer is with the last one: both are for the gateway to act on.
    """

    outcome: Outcome
    replies: tuple[Reply, ...]
    entries: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    confidence: float = 0.0
    context: dict[str, Any] = field(default_factory=dict)
    explanation: dict[str, Any] = field(default_factory=dict)
    hand_off: str | None = None
    asks_status: bool = False
    rating: int | None = None
