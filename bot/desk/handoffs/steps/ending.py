"""The end of it: noted, merged, closed by people or by time, opened again, rated."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.enquiries import local_day
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.events import EventKind
from bot.desk.handoffs.model import TOLD, CloseOutcome, Handoff, HandoffState
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.handoffs.rules import Rules, must_be_of_section, must_have_it, must_say, must_work
from bot.desk.handoffs.steps.common import Step, event_of
from bot.desk.staff import Role


def note(handoff: Handoff, command: c.Note, rules: Rules) -> Step:
    """Write something down for colleagues."""
    must_work(handoff, command.by)
    offered = handoff.transfer.to if handoff.transfer else None
    if command.by.section not in (handoff.section, offered) and not command.by.has(Role.OFFICE):
        raise HandoffError(Refusal.OTHER_SECTION)
    must_say(command.text, Refusal.NO_TEXT)
    return handoff, event_of(EventKind.NOTED, command)


def merge(handoff: Handoff, command: c.Merge, rules: Rules) -> Step:
    """Close it as a duplicate (重复件并案)."""
    must_be_of_section(handoff, command.by)
    if handoff.person not in (None, command.by.id):
        raise HandoffError(Refusal.NOT_YOURS)
    into = command.into
    if into.number == handoff.number or not into.open:
        raise HandoffError(Refusal.SAME_ONE)
    must_work(into, command.by)
    after = _ended(handoff, command.at, CloseOutcome.MERGED)
    return replace(after, merged_into=into.number), event_of(EventKind.MERGED, command, into=into.number)


def close(handoff: Handoff, command: c.Close, rules: Rules) -> Step:
    """End it with its destination; what needs telling must have been told."""
    must_have_it(handoff, command.by)
    if command.outcome is CloseOutcome.MERGED:
        raise HandoffError(Refusal.NOT_ALLOWED)
    if command.outcome in TOLD and handoff.answered_at is None:
        raise HandoffError(Refusal.NOT_TOLD)
    after = replace(
        _ended(handoff, command.at, command.outcome),
        entry=command.entry or handoff.entry,
    )
    data = {"outcome": command.outcome.value, "entry": command.entry, "before": handoff.entry}
    return after, event_of(EventKind.CLOSED, command, **data, remark=command.remark)


def lapse(handoff: Handoff, command: c.Lapse, rules: Rules) -> Step:
    """Close it: the answer has reached the enquirer, and in the days that the rules give they said no more.

    The responsible section stays the same; while a calendar that is needed is not known nothing lapses.
    """
    if handoff.answered_at is None or command.reached is None:
        raise HandoffError(Refusal.NOT_YET)
    last = rules.last_to_hear(max(command.reached, handoff.answered_at))
    if last is None or local_day(command.at) <= last:
        raise HandoffError(Refusal.NOT_YET)
    after = _ended(handoff, command.at, CloseOutcome.ANSWERED)
    outcome = CloseOutcome.ANSWERED.value
    return after, event_of(EventKind.LAPSED, command, outcome=outcome, waited_until=last.isoformat())


def _ended(handoff: Handoff, at: float, outcome: CloseOutcome) -> Handoff:
    return replace(handoff, state=HandoffState.CLOSED, closed_at=at, outcome=outcome)


def reopen(handoff: Handoff, command: c.Reopen, rules: Rules) -> Step:
    """Put it before its section again, with a clock of its own; the marks of the first time stay."""
    if handoff.outcome is CloseOutcome.MERGED:
        raise HandoffError(Refusal.MERGED)
    if command.by is not None:
        must_be_of_section(handoff, command.by)
    reason = must_say(command.reason)
    after = replace(
        handoff,
        state=HandoffState.REOPENED,
        person=None,
        standing_in_for=None,
        outcome=None,
        closed_at=None,
        answered_at=None,
        satisfaction=None,
    )
    timed = rules.timed(after, handoff.clock.again(local_day(command.at)))
    return timed, event_of(EventKind.REOPENED, command, reason=reason)


def rate(handoff: Handoff, command: c.Rate, rules: Rules) -> Step:
    """Keep how satisfied the enquirer is."""
    if command.score not in range(1, 6):
        raise HandoffError(Refusal.BAD_SCORE)
    if handoff.satisfaction is not None:
        raise HandoffError(Refusal.RATED)
    event = event_of(EventKind.RATED, command, score=command.score)
    return replace(handoff, satisfaction=command.score), event
