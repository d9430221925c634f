"""What a handoff is: an enquiry with staff, known to the enquirer by its receipt number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# Why the gateway itself hands over, when nothing could answer.
ASSISTANT_FAILED = "assistant_failed"


class HandoffState(str, Enum):
    """How far a handoff has come."""

    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Handoff:
    """One handoff. ``section`` is the one that is responsible; ``opened_at`` is in seconds, UTC."""

    number: str
    conversation: str
    enquiry: int
    reason: str
    section: str
    opened_at: float
    state: HandoffState = HandoffState.WAITING
