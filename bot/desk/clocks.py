"""What the time limit of a handoff is counted from: receipt, extensions, and days that do not count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Pause:
    """A time that does not count: the days after ``began`` up to and with ``ended``; open while it lasts."""

    began: date
    ground: str
    ended: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether the day does not count."""
        return self.began < day and (self.ended is None or day <= self.ended)


@dataclass(frozen=True)
class Clock:
    """``kind`` names the limit of ``data/time_limits.yml``; the day after ``received`` is the first day.

    ``extended_by`` is in the unit of the limit.
    """

    kind: str
    received: date
    extended_by: int = 0
    pauses: tuple[Pause, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether the clock stands still now."""
        return bool(self.pauses) and self.pauses[-1].ended is None

    def pause(self, day: date, ground: str) -> Clock:
        """Give the clock stopped after this day."""
        return replace(self, pauses=(*self.pauses, Pause(day, ground)))

    def go_on(self, day: date) -> Clock:
        """Give the clock running again after this day."""
        last = replace(self.pauses[-1], ended=day)
        return replace(self, pauses=(*self.pauses[:-1], last))

    def again(self, day: date) -> Clock:
        """Give the clock of the same kind, started anew."""
        return Clock(self.kind, day)
