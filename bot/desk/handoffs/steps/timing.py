"""Time limits: extended, suspended, of another kind."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.clocks import Clock
from bot.desk.enquiries import local_day
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.events import EventKind
from bot.desk.handoffs.model import Handoff
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.handoffs.rules import Rules, must_have_it, must_say, must_work
from bot.desk.handoffs.steps.common import Step, event_of
from bot.desk.staff import Role


def extend(handoff: Handoff, command: c.Extend, rules: Rules) -> Step:
    """Extend the limit, as far as its rule allows (延期要有批准人岗位和理由)."""
    must_work(handoff, command.by)
    heads = command.by.has(Role.SECTION_HEAD) and command.by.section == handoff.section
    if not (heads or command.by.has(Role.OFFICE)):
        raise HandoffError(Refusal.NOT_ALLOWED)
    post, reason = must_say(command.post, Refusal.NO_POST), must_say(command.reason)
    limit = rules.limit(handoff.clock)
    if limit is None or limit.length is None or limit.extension == 0:
        raise HandoffError(Refusal.NO_EXTENSION)
    by = handoff.clock.extended_by + command.days
    if command.days < 1 or (limit.extension is not None and by > limit.extension):
        raise HandoffError(Refusal.TOO_LONG)
    after = rules.timed(handoff, replace(handoff.clock, extended_by=by))
    return after, event_of(EventKind.EXTENDED, command, days=command.days, post=post, reason=reason)


def suspend(handoff: Handoff, command: c.Suspend, rules: Rules) -> Step:
    """Stop the clock on a ground of the rule."""
    must_have_it(handoff, command.by)
    limit = rules.limit(handoff.clock)
    if limit is None or command.ground not in limit.grounds:
        raise HandoffError(Refusal.NO_SUSPENSION)
    if handoff.clock.paused:
        raise HandoffError(Refusal.PAUSED)
    after = rules.timed(handoff, handoff.clock.pause(local_day(command.at), command.ground))
    return after, event_of(EventKind.SUSPENDED, command, ground=command.ground)


def resume(handoff: Handoff, command: c.Resume, rules: Rules) -> Step:
    """Let the clock run again."""
    must_have_it(handoff, command.by)
    if not handoff.clock.paused:
        raise HandoffError(Refusal.NOT_PAUSED)
    after = rules.timed(handoff, handoff.clock.go_on(local_day(command.at)))
    return after, event_of(EventKind.RESUMED, command)


def reclassify(handoff: Handoff, command: c.Reclassify, rules: Rules) -> Step:
    """Count by another limit, from another day."""
    must_have_it(handoff, command.by)
    if command.kind not in rules.limits.limits:
        raise HandoffError(Refusal.NO_KIND)
    if command.received > local_day(command.at):
        raise HandoffError(Refusal.BAD_DAY)
    after = rules.timed(handoff, Clock(command.kind, command.received))
    data = {"kind": command.kind, "received": command.received.isoformat(), "before": handoff.clock.kind}
    return after, event_of(EventKind.RECLASSIFIED, command, **data)
