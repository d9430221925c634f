"""One turn from the gateway's side: the message to be answered, and all that ends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.desk.enquiries import Earlier, Enquiry
from bot.desk.handoffs import Handoff
from bot.desk.messages import OutboundMessage, TurnResult


@dataclass(frozen=True)
class PendingTurn:
    """A message that waits for its answer, with what the answer must know. ``text`` is masked.

    ``lease`` is the token of the lease under which the turn is worked on, ``handoff`` the number of the
    handoff that is open, ``ready`` what the channel itself has answered; times are in seconds since the
    epoch, UTC.
    """

    id: int
    conversation: str
    channel: str
    enquirer: str
    message_id: str
    text: str
    sent_at: float
    received_at: float
    lease: str
    context: dict[str, Any] = field(default_factory=dict)
    handoff: str | None = None
    earlier: Earlier | None = None
    ready: TurnResult | None = None


@dataclass(frozen=True)
class TurnEnd:
    """Everything that is committed when a turn ends: once, and together."""

    result: TurnResult
    at: float
    enquiry: Enquiry | None = None
    handoff: Handoff | None = None


@dataclass(frozen=True)
class Finished:
    """What follows from a committed turn: replies to send, perhaps by us, and the next turn."""

    replies: tuple[OutboundMessage, ...]
    ours_to_send: bool
    next: PendingTurn | None
