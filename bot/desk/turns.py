"""One turn from the gateway's side: the message to be answered, and all that ends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.desk.enquiries import Earlier, Enquiry
from bot.desk.handoffs import Change
from bot.desk.messages import OutboundMessage, TurnResult


@dataclass(frozen=True)
class PendingTurn:
    """A message that waits for its answer, with what the answer must know. ``text`` is masked.

    ``lease`` is the token of the lease under which the turn is worked on, ``handoff`` the number of the
    handoff that is open, ``in_charge`` whether a person has it so that the bot is silent, ``ready`` what
    the channel itself has answered; times are in seconds since the epoch, UTC.
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
    in_charge: bool = False
    earlier: Earlier | None = None
    ready: TurnResult | None = None


@dataclass(frozen=True)
class TurnEnd:
    """Everything that is committed when a turn ends: once, and together.

    ``handoff`` is one that is opened. ``silent``: the message is for the person in charge and belongs to
    the enquiry that is with them.
    """

    result: TurnResult
    at: float
    enquiry: Enquiry | None = None
    handoff: Change | None = None
    silent: bool = False


@dataclass(frozen=True)
class Finished:
    """What follows from a committed turn: its result, replies to send, perhaps by us, and the next turn."""

    result: TurnResult
    replies: tuple[OutboundMessage, ...]
    ours_to_send: bool
    next: PendingTurn | None


@dataclass(frozen=True)
class Changed:
    """Nothing was committed: somebody has taken or ended the handoff, so ``turn`` is to be answered anew."""

    turn: PendingTurn
