"""Time limits: how long an answer of each kind may take, when it is due, and when to warn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from bot.desk.clocks import Clock
from bot.desk.working_days import Calendar, CalendarDays, Length, WorkingDays


@dataclass(frozen=True)
class TimeLimit:
    """A limit with its legal basis. ``length`` is none where no rule gives one.

    ``extension`` is by how many days of the same unit it may be extended in all: 0 not at all, ``None``
    without a limit that is written down. ``grounds`` name the times that do not count, ``warn`` is how many
    days before the end staff are warned. ``adopted`` tells that the bureau has published none and that
    another authority's is followed.
    """

    kind: str
    name: str
    starts: str
    length: Length | None
    basis: str
    extension: int | None = 0
    grounds: tuple[str, ...] = ()
    warn: int = 1
    adopted: bool = False
    note: str = ""


@dataclass(frozen=True)
class TimeLimits:
    """All limits by kind, and the kind that each reason to hand over begins with.

    ``silence``: an answered handoff of which the enquirer says nothing more for so long is closed by the
    desk; none: only people close.
    """

    limits: dict[str, TimeLimit] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    default: str = ""
    silence: Length | None = None

    def kind_of(self, reason: str) -> str:
        """Give the kind of limit that a handoff for this reason begins with."""
        return self.kinds.get(reason, self.default)


class Standing(str, Enum):
    """How a clock stands on a day."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    UNDETERMINED = "undetermined"


def due_of(clock: Clock, limit: TimeLimit | None, calendar: Calendar) -> date | None:
    """Give the last day for the answer; ``None`` (待定) while it stands still or cannot be determined."""
    if limit is None or limit.length is None or clock.paused:
        return None

    def counts(day: date) -> bool:
        return not any(pause.holds(day) for pause in clock.pauses)

    return calendar.end(clock.received, longer(limit.length, clock.extended_by), counts)


def longer(length: Length, days: int) -> Length:
    """Give the length extended by days of its own unit."""
    return type(length)(length.count + days)


def warns_at(due: date, limit: TimeLimit, day: date, calendar: Calendar) -> bool:
    """Say whether on this day, not later than ``due``, staff are to be warned."""
    left: int | None = (due - day).days
    if isinstance(limit.length, WorkingDays):
        left = calendar.between(day, due)
    return left is None or left <= limit.warn


def standing(
    clock: Clock, due: date | None, limit: TimeLimit | None, day: date, calendar: Calendar
) -> Standing:
    """Give how the clock of a handoff that waits for its answer stands on a day."""
    if clock.paused:
        return Standing.PAUSED
    if due is None or limit is None:
        return Standing.UNDETERMINED
    if day > due:
        return Standing.OVERDUE
    return Standing.DUE_SOON if warns_at(due, limit, day, calendar) else Standing.RUNNING


__all__ = [
    "CalendarDays",
    "Standing",
    "TimeLimit",
    "TimeLimits",
    "WorkingDays",
    "due_of",
    "longer",
    "standing",
    "warns_at",
]
