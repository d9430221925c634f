"""Every change of a handoff: what is allowed in which state, by whom, and what it leads to.

``apply`` is the only way from one state to the next. It is pure: the same handoff, command and rules give
the same change or the same refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.desk.clocks import Clock
from bot.desk.enquiries import local_day
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.events import Event, EventKind
from bot.desk.handoffs.model import UNCLAIMED, Handoff, HandoffState
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.handoffs.rules import Rules, marked
from bot.desk.handoffs.steps import ending, moving, taking, timing
from bot.desk.handoffs.steps.common import Step

S = HandoffState
HELD = frozenset({S.WITH_STAFF, S.ANSWERED})
OPEN = frozenset(S) - {S.CLOSED}

# In which states a command may be given at all.
ALLOWED: dict[type, frozenset[HandoffState]] = {
    c.Claim: UNCLAIMED,
    c.Assign: UNCLAIMED | HELD,
    c.Release: HELD,
    c.Answer: HELD | {S.WAITING_OTHER_SECTION},
    c.TransferTo: UNCLAIMED | HELD,
    c.Withdraw: frozenset({S.WAITING_OTHER_SECTION}),
    c.Accept: frozenset({S.WAITING_OTHER_SECTION}),
    c.Return: frozenset({S.WAITING_OTHER_SECTION}),
    c.Escalate: UNCLAIMED | HELD,
    c.Extend: OPEN,
    c.Suspend: OPEN,
    c.Resume: OPEN,
    c.Reclassify: OPEN,
    c.KeepFrom: OPEN,
    c.Note: frozenset(S),
    c.Merge: UNCLAIMED | HELD,
    c.Close: HELD,
    c.Lapse: frozenset({S.ANSWERED}),
    c.Reopen: frozenset({S.CLOSED}),
    c.Wrote: OPEN,
    c.Rate: frozenset({S.CLOSED}),
}
REFUSED = {S.CLOSED: Refusal.IS_CLOSED, S.WAITING_OTHER_SECTION: Refusal.IN_TRANSFER}


@dataclass(frozen=True)
class Change:
    """A handoff after a command, and what happened."""

    handoff: Handoff
    events: tuple[Event, ...]


def opened(
    number: str,
    conversation: str,
    enquiry: int | None,
    reason: str,
    section: str,
    at: float,
    rules: Rules,
    entry: str | None = None,
    about: str | None = None,
) -> Change:
    """Open a handoff with the section that answers for it; its clock begins the day after ``at``."""
    clock = Clock(rules.limits.kind_of(reason), local_day(at))
    section = rules.route(reason, section, about)
    new = Handoff(number, conversation, enquiry, reason, section, at, clock, entry=entry, about=about)
    timed = rules.timed(new, clock)
    event = Event(EventKind.OPENED, at, data={"reason": reason, "section": section, "due": _day(timed)})
    return Change(timed, (event,))


def apply(handoff: Handoff, command: c.Command, rules: Rules) -> Change:
    """Carry the command out. Raises ``HandoffError`` when it is not allowed; then nothing has changed."""
    if handoff.state not in ALLOWED[type(command)]:
        raise HandoffError(_refusal(handoff, command))
    looked, marks = marked(handoff, local_day(command.at), rules)
    after, events = STEPS[type(command)](looked, command, rules)
    marks = tuple(replace(mark, at=command.at) for mark in marks)
    return _change(handoff, after, (*marks, *events), command.at)


def tick(handoff: Handoff, at: float, rules: Rules) -> Change | None:
    """Warn of the end of the limit, or mark that it has passed; ``None`` when there is nothing to note.

    The day it is due is determined again: a calendar may have come, or been corrected.
    """
    timed = rules.timed(handoff, handoff.clock) if handoff.open else handoff
    after, events = marked(timed, local_day(at), rules)
    if after == handoff:
        return None
    return _change(handoff, after, tuple(replace(event, at=at) for event in events), at)


def _change(before: Handoff, after: Handoff, events: tuple[Event, ...], at: float) -> Change:
    """Give the change, its last event telling the day it is now due where that has moved."""
    if after.due != before.due:
        *others, last = events or (Event(EventKind.TIMED, at),)
        events = (*others, replace(last, data={**last.data, "due": _day(after)}))
    return Change(replace(after, version=before.version + 1), events)


def _day(handoff: Handoff) -> str | None:
    return handoff.due.isoformat() if handoff.due else None


def _refusal(handoff: Handoff, command: c.Command) -> Refusal:
    if isinstance(command, c.Accept | c.Return | c.Withdraw) and handoff.open:
        return Refusal.NO_TRANSFER
    if isinstance(command, c.Reopen | c.Rate):
        return Refusal.NOT_CLOSED
    if isinstance(command, c.Claim) and handoff.person:
        return Refusal.CLAIMED
    return REFUSED.get(handoff.state, Refusal.NOT_CLAIMED)


STEPS: dict[type, Callable[[Handoff, Any, Rules], Step]] = {
    c.Claim: taking.claim,
    c.Assign: taking.assign,
    c.Release: taking.release,
    c.Answer: taking.answer,
    c.TransferTo: moving.transfer,
    c.Withdraw: moving.withdraw,
    c.Accept: moving.accept,
    c.Return: moving.send_back,
    c.Escalate: moving.escalate,
    c.Extend: timing.extend,
    c.Suspend: timing.suspend,
    c.Resume: timing.resume,
    c.Reclassify: timing.reclassify,
    c.KeepFrom: moving.keep_from,
    c.Note: ending.note,
    c.Merge: ending.merge,
    c.Close: ending.close,
    c.Lapse: ending.lapse,
    c.Reopen: ending.reopen,
    c.Wrote: taking.wrote,
    c.Rate: ending.rate,
}
