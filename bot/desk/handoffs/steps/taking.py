"""Who has it: claimed, assigned, put back; answered, and asked again."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.enquiries import local_day
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.events import EventKind
from bot.desk.handoffs.model import Handoff, HandoffState
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.handoffs.rules import Rules, must_be_of_section, must_have_it, must_say
from bot.desk.handoffs.steps.common import Step, event_of, waiting_again
from bot.desk.staff import Role


def given(handoff: Handoff, person: str, state: HandoffState = HandoffState.WITH_STAFF) -> Handoff:
    """Make a person of the responsible section responsible; the first is remembered."""
    first_section, first_person = handoff.first_section or handoff.section, handoff.first_person or person
    return replace(
        handoff,
        person=person,
        state=state,
        standing_in_for=None,
        first_section=first_section,
        first_person=first_person,
    )


def claim(handoff: Handoff, command: c.Claim, rules: Rules) -> Step:
    """Take it from what waits in one's section."""
    must_be_of_section(handoff, command.by)
    return given(handoff, command.by.id), event_of(EventKind.CLAIMED, command)


def assign(handoff: Handoff, command: c.Assign, rules: Rules) -> Step:
    """Give it to a colleague of the section."""
    must_be_of_section(handoff, command.by)
    if not command.by.has(Role.SECTION_HEAD, Role.OFFICE):
        raise HandoffError(Refusal.NOT_ALLOWED)
    must_be_of_section(handoff, command.to)
    state = HandoffState.ANSWERED if handoff.state is HandoffState.ANSWERED else HandoffState.WITH_STAFF
    return given(handoff, command.to.id, state), event_of(EventKind.ASSIGNED, command, to=command.to.id)


def release(handoff: Handoff, command: c.Release, rules: Rules) -> Step:
    """Put it back before the section, with the reason."""
    if not (command.by.has(Role.SECTION_HEAD) and command.by.section == handoff.section):
        must_have_it(handoff, command.by)
    must_be_of_section(handoff, command.by)
    reason = must_say(command.reason)
    again = waiting_again(handoff, local_day(command.at), rules)
    after = replace(again, person=None, standing_in_for=None, state=HandoffState.WAITING)
    return after, event_of(EventKind.RELEASED, command, reason=reason)


def answer(handoff: Handoff, command: c.Answer, rules: Rules) -> Step:
    """Note a reply; a complete one stops the clock, unless another section is being asked."""
    must_have_it(handoff, command.by)
    if not command.complete:
        return handoff, event_of(EventKind.REPLIED, command)
    first = handoff.first_answered_at or command.at
    after = replace(handoff, answered_at=command.at, first_answered_at=first)
    if handoff.state is HandoffState.WITH_STAFF:
        after = replace(after, state=HandoffState.ANSWERED)
    return after, event_of(EventKind.ANSWERED, command)


def wrote(handoff: Handoff, command: c.Wrote, rules: Rules) -> Step:
    """After an answer, what the enquirer writes waits for another one, within a limit of its own."""
    if handoff.state is not HandoffState.ANSWERED:
        return handoff, ()
    again = waiting_again(handoff, local_day(command.at), rules)
    return replace(again, state=HandoffState.WITH_STAFF), event_of(EventKind.WROTE, command)
