"""What every step gives back, and how its event is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.desk.handoffs.events import Event, EventKind
from bot.desk.handoffs.model import Handoff, HandoffState
from bot.desk.handoffs.rules import Rules
from bot.desk.staff import Person

Step = tuple[Handoff, tuple[Event, ...]]


def event_of(kind: EventKind, command: Any, /, **data: Any) -> tuple[Event, ...]:
    """Give the one event that a command leads to."""
    by: Person | None = getattr(command, "by", None)
    return (Event(kind, command.at, by.id if by else None, data),)


def waiting_again(handoff: Handoff, day: date, rules: Rules) -> Handoff:
    """Start the clock anew when it had stopped with an answer."""
    if handoff.state is not HandoffState.ANSWERED:
        return handoff
    return rules.timed(handoff, handoff.clock.again(day))
