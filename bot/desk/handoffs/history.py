"""What a handoff comes to by its events alone: how it stood at a moment, whatever is written of it now.

Shares nothing with the steps but the names of the events, so that one can prove the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.desk.handoffs.events import Event, EventKind

K = EventKind
WITH_STAFF, WAITING, ELSEWHERE = "with_staff", "waiting", "waiting_other_section"


@dataclass
class Standing:
    """What is counted of a handoff. Times are in seconds, UTC; states and outcomes as they are stored."""

    opened_at: float = 0.0
    reason: str = ""
    section: str = ""
    state: str = WAITING
    person: str | None = None
    offered: str | None = None
    transfers: int = 0
    due: date | None = None
    overdue_on: date | None = None
    first_answered_at: float | None = None
    outcome: str | None = None
    satisfaction: int | None = None


def standing(events: Iterable[Event]) -> Standing:
    """Give how a handoff stood after these events, the oldest first."""
    found = Standing()
    for event in events:
        _follow(found, event)
        if "due" in event.data:
            found.due = _date(event.data["due"])
        if event.kind is K.OVERDUE and found.due:
            found.overdue_on = found.due + timedelta(days=1)
    return found


def _follow(found: Standing, event: Event) -> None:
    step = _STEPS.get(event.kind)
    if step:
        step(found, event)


def _opened(found: Standing, event: Event) -> None:
    found.opened_at, found.reason, found.section = event.at, event.data["reason"], event.data["section"]


def _taken(found: Standing, event: Event) -> None:
    found.person, found.state = event.by, WITH_STAFF


def _assigned(found: Standing, event: Event) -> None:
    found.person = event.data["to"]
    found.state = "answered" if found.state == "answered" else WITH_STAFF


def _stood_in(found: Standing, event: Event) -> None:
    found.person = event.data["to"]


def _released(found: Standing, event: Event) -> None:
    found.person, found.state = None, WAITING


def _answered(found: Standing, event: Event) -> None:
    if found.first_answered_at is None:
        found.first_answered_at = event.at
    if found.state == WITH_STAFF:
        found.state = "answered"


def _wrote(found: Standing, event: Event) -> None:
    found.state = WITH_STAFF


def _offered(found: Standing, event: Event) -> None:
    found.offered, found.state = event.data["to"], ELSEWHERE
    found.transfers += 1


def _came_to_nothing(found: Standing, event: Event) -> None:
    found.offered, found.state = None, WITH_STAFF if found.person else WAITING


def _accepted(found: Standing, event: Event) -> None:
    found.section, found.person = event.data["section"], event.by
    found.offered, found.state = None, WITH_STAFF


def _kept_from(found: Standing, event: Event) -> None:
    if found.offered == event.data["about"]:
        _came_to_nothing(found, event)
    if found.section != event.data["section"]:
        found.section, found.person, found.offered, found.state = event.data["section"], None, None, WAITING


def _closed(found: Standing, event: Event) -> None:
    found.state, found.outcome = "closed", event.data["outcome"]


def _merged(found: Standing, event: Event) -> None:
    found.state, found.outcome = "closed", "merged"


def _reopened(found: Standing, event: Event) -> None:
    found.state, found.person, found.outcome, found.satisfaction = "reopened", None, None, None


def _rated(found: Standing, event: Event) -> None:
    found.satisfaction = event.data["score"]


def _brought_over(found: Standing, event: Event) -> None:
    """Take over how it stood when events did not yet tell all of it."""
    for name, value in event.data.items():
        setattr(found, name, _date(value) if name in ("due", "overdue_on") else value)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_STEPS: dict[EventKind, Callable[[Standing, Event], None]] = {
    K.OPENED: _opened,
    K.CLAIMED: _taken,
    K.ASSIGNED: _assigned,
    K.STOOD_IN: _stood_in,
    K.CAME_BACK: _stood_in,
    K.RELEASED: _released,
    K.ANSWERED: _answered,
    K.WROTE: _wrote,
    K.TRANSFERRED: _offered,
    K.ESCALATED: _offered,
    K.WITHDRAWN: _came_to_nothing,
    K.RETURNED: _came_to_nothing,
    K.ACCEPTED: _accepted,
    K.KEPT_FROM: _kept_from,
    K.CLOSED: _closed,
    K.MERGED: _merged,
    K.LAPSED: _closed,
    K.REOPENED: _reopened,
    K.RATED: _rated,
    K.BROUGHT_OVER: _brought_over,
}
