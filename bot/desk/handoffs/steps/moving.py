"""Between sections: transferred, accepted, returned, escalated, kept from who is complained about."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.enquiries import local_day
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.events import EventKind
from bot.desk.handoffs.model import Handoff, HandoffState, Reason, Transfer
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.handoffs.rules import (
    MOST_TRANSFERS,
    Rules,
    must_be_of_section,
    must_have_it,
    must_say,
    must_work,
)
from bot.desk.handoffs.steps.common import Step, event_of, waiting_again
from bot.desk.handoffs.steps.taking import given
from bot.desk.staff import Person, Role


def transfer(handoff: Handoff, command: c.TransferTo, rules: Rules) -> Step:
    """Offer it to another section; after two transfers it is for the office to say who is responsible."""
    must_work(handoff, command.by)
    arbiter = rules.arbiter(handoff.about)
    decides = command.by.section == arbiter
    if handoff.escalated and not decides:
        raise HandoffError(Refusal.ESCALATED)
    if not (decides and command.by.has(Role.OFFICE, Role.SECTION_HEAD)):
        must_have_it(handoff, command.by)
    reason = must_say(command.reason)
    _must_be_other(handoff, command.to, rules)
    enough = handoff.transfers >= MOST_TRANSFERS or handoff.escalated
    if enough and not decides:
        return _escalated(handoff, command, reason, rules)
    offer = Transfer(command.to, reason, command.by.id, command.at, final=enough)
    event = event_of(EventKind.TRANSFERRED, command, to=command.to, reason=reason)
    return _offered(handoff, offer, rules), event


def escalate(handoff: Handoff, command: c.Escalate, rules: Rules) -> Step:
    """Give it to the office to decide."""
    must_be_of_section(handoff, command.by)
    if not command.by.has(Role.SECTION_HEAD):
        must_have_it(handoff, command.by)
    if handoff.section == rules.arbiter(handoff.about):
        raise HandoffError(Refusal.SAME_SECTION)
    return _escalated(handoff, command, must_say(command.reason), rules)


def _escalated(handoff: Handoff, command: c.TransferTo | c.Escalate, reason: str, rules: Rules) -> Step:
    arbiter = rules.arbiter(handoff.about)
    offer = Transfer(arbiter, reason, command.by.id, command.at, final=True)
    event = event_of(EventKind.ESCALATED, command, to=arbiter, reason=reason)
    return _offered(handoff, offer, rules), event


def _offered(handoff: Handoff, offer: Transfer, rules: Rules) -> Handoff:
    """Offer it; until it is accepted, who has it is responsible."""
    again = waiting_again(handoff, local_day(offer.at), rules)
    return replace(
        again,
        transfer=offer,
        transfers=handoff.transfers + 1,
        escalated=offer.final,
        state=HandoffState.WAITING_OTHER_SECTION,
    )


def _must_be_other(handoff: Handoff, to: str, rules: Rules) -> None:
    if to not in rules.sections:
        raise HandoffError(Refusal.NO_SECTION)
    if to == handoff.section:
        raise HandoffError(Refusal.SAME_SECTION)
    if to == handoff.about:
        raise HandoffError(Refusal.COMPLAINED_ABOUT)


def _back(handoff: Handoff) -> Handoff:
    """End a transfer that came to nothing: it is with whom it was."""
    state = HandoffState.WITH_STAFF if handoff.person else HandoffState.WAITING
    return replace(handoff, transfer=None, state=state)


def withdraw(handoff: Handoff, command: c.Withdraw, rules: Rules) -> Step:
    """Take a transfer back."""
    must_work(handoff, command.by)
    offer = _offer(handoff)
    if command.by.id not in (offer.by, handoff.person):
        raise HandoffError(Refusal.NOT_YOURS)
    if offer.final and offer.to == rules.arbiter(handoff.about):
        raise HandoffError(Refusal.FINAL)
    return _back(handoff), event_of(EventKind.WITHDRAWN, command, to=offer.to)


def _offer(handoff: Handoff) -> Transfer:
    if handoff.transfer is None:
        raise HandoffError(Refusal.NO_TRANSFER)
    return handoff.transfer


def _must_be_offered(handoff: Handoff, by: Person) -> Transfer:
    must_work(handoff, by)
    offer = _offer(handoff)
    if by.section != offer.to:
        raise HandoffError(Refusal.NOT_OFFERED)
    return offer


def accept(handoff: Handoff, command: c.Accept, rules: Rules) -> Step:
    """Take over: from now on this section and this person are responsible."""
    offer = _must_be_offered(handoff, command.by)
    moved = replace(handoff, section=offer.to, transfer=None)
    event = event_of(EventKind.ACCEPTED, command, section=offer.to, before=handoff.section)
    return given(moved, command.by.id), event


def send_back(handoff: Handoff, command: c.Return, rules: Rules) -> Step:
    """Return a transfer, with the reason and the section that should have it."""
    offer = _must_be_offered(handoff, command.by)
    if offer.final:
        raise HandoffError(Refusal.FINAL)
    reason = must_say(command.reason)
    if command.proposed not in rules.sections:
        raise HandoffError(Refusal.NO_SECTION)
    if command.proposed == offer.to:
        raise HandoffError(Refusal.SAME_SECTION)
    if command.proposed == handoff.about:
        raise HandoffError(Refusal.COMPLAINED_ABOUT)
    event = event_of(EventKind.RETURNED, command, section=offer.to, reason=reason, proposed=command.proposed)
    return _back(handoff), event


def keep_from(handoff: Handoff, command: c.KeepFrom, rules: Rules) -> Step:
    """Keep a complaint from the section it is about; where it has it, it goes to who takes complaints."""
    must_work(handoff, command.by)
    if command.by.section != handoff.section and not command.by.has(Role.OFFICE):
        raise HandoffError(Refusal.OTHER_SECTION)
    if command.section not in rules.sections:
        raise HandoffError(Refusal.NO_SECTION)
    after = replace(handoff, about=command.section)
    if handoff.transfer and handoff.transfer.to == command.section:
        after = _back(after)
    if handoff.section == command.section:
        to = rules.route(Reason.COMPLAINT.value, handoff.section, command.section)
        after = replace(waiting_again(after, local_day(command.at), rules), section=to, person=None)
        after = replace(after, standing_in_for=None, transfer=None, state=HandoffState.WAITING)
    return after, event_of(EventKind.KEPT_FROM, command, about=command.section, section=after.section)
