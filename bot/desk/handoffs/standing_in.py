"""A and B posts: while A is away B has what A had, the clock runs on, and it returns to A."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.desk.handoffs.events import Event, EventKind
from bot.desk.handoffs.model import Handoff
from bot.desk.handoffs.transitions import Change
from bot.desk.staff import Roster


def relieve(handoff: Handoff, roster: Roster, day: date, at: float) -> Change | None:
    """Give the handoff to B when A is away, and back when A is here; ``None`` when nothing changes."""
    if not handoff.in_charge or handoff.person is None:
        return None
    a = handoff.standing_in_for
    if a and not roster.away(a, day):
        return _moved(handoff, a, None, EventKind.CAME_BACK, at)
    b = roster.stand_in(handoff.section, a or handoff.person, day)
    if b is None or b == handoff.person:
        return None
    return _moved(handoff, b, a or handoff.person, EventKind.STOOD_IN, at)


def _moved(handoff: Handoff, to: str, for_whom: str | None, kind: EventKind, at: float) -> Change:
    after = replace(handoff, person=to, standing_in_for=for_whom, version=handoff.version + 1)
    return Change(after, (Event(kind, at, data={"to": to, "from": handoff.person}),))
