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
class InboundMessage:
    """One message as a channel received it. ``sent_at`` is in seconds since the epoch, UTC."""

    channel: str
    message_id: str
    sender: str
    kind: str
    text: str
    sent_at: float


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
class OutboundMessage:
    """One reply on its way: ``id`` orders it within its conversation and never changes.

    ``author`` is ``bot`` or ``staff``; ``at`` is when it was committed, in seconds since the epoch, UTC.
    """

    id: int
    channel: str
    recipient: str
    reply: Reply
    in_reply_to: str | None = None
    author: str = "bot"
    at: float | None = None


@dataclass(frozen=True)
class TurnResult:
    """What one turn came to. ``entries`` are codes, ``context`` is what the next turn starts from."""

    outcome: Outcome
    replies: tuple[Reply, ...]
    entries: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    confidence: float = 0.0
    context: dict[str, Any] = field(default_factory=dict)
    explanation: dict[str, Any] = field(default_factory=dict)
    hand_off: str | None = None
