"""What an enquiry is: one question put to the bureau, counted once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.desk.messages import Outcome

# The bureau's time zone: Asia/Shanghai, which has known no summer time since 1991.
BUREAU_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
# An answer to 「您问的是哪一个?」 that comes later than this is a new question.
CONTINUES_WITHIN = 1800.0


@dataclass(frozen=True)
class Enquiry:
    """One enquiry. ``id`` is that of the message that put it; ``at`` is in seconds since the epoch, UTC.

    ``topic`` is the family of the first entry, ``entries`` the codes of all; ``enquirer`` is a pseudonym;
    ``section`` is the one that answers for the first entry; ``continues`` names the enquiry that this turn
    clarifies, ``explanation`` is what the bot thought.
    """

    id: int
    conversation: str
    channel: str
    enquirer: str
    at: float
    outcome: Outcome
    response_ms: int
    topic: str | None = None
    entry: str | None = None
    code: str | None = None
    entries: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    confidence: float = 0.0
    continues: int | None = None
    section: str | None = None
    explanation: dict[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day it was put, in the bureau's time zone."""
        return local_day(self.at)


@dataclass(frozen=True)
class Earlier:
    """The last enquiry of a conversation, as far as the next one must know it."""

    id: int
    outcome: Outcome
    at: float


def local_day(at: float) -> date:
    """Give the day of a moment in the bureau's time zone."""
    return datetime.fromtimestamp(at, BUREAU_TIME).date()


def continued_by(earlier: Earlier | None, at: float) -> int | None:
    """Give the enquiry that a turn at this moment continues: one that was answered with a question."""
    if earlier is None or earlier.outcome is not Outcome.CLARIFYING:
        return None
    return earlier.id if 0 <= at - earlier.at <= CONTINUES_WITHIN else None
