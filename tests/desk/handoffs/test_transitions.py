"""Tests of what may be done to a handoff, by whom, and what it leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.desk.handoffs import CloseOutcome, Handoff, HandoffError, HandoffState, Refusal, apply, tick
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.commands import Command
from bot.desk.handoffs.refusals import TOLD
from bot.desk.handoffs.standing_in import relieve
from bot.desk.handoffs.transitions import ALLOWED, STEPS
from bot.desk.staff import Role
from tests.desk.handoffs.bureau import (
    ANN,
    AUDITOR,
    BEN,
    CARL,
    CONDUCT,
    ENERGY,
    EVA,
    HEAD,
    INVESTMENT,
    OFFICE,
    OTTO,
    ROOT,
    ROSTER,
    RULES,
    START,
    moment,
    person,
    waiting,
)

T = START + 60


def after(handoff: Handoff, *commands: Command) -> Handoff:
    """Give the handoff after these commands."""
    for command in commands:
        handoff = apply(handoff, command, RULES).handoff
    return handoff


def refused(handoff: Handoff, command: Command) -> Refusal:
    """Give why the command is refused."""
    with pytest.raises(HandoffError) as caught:
        apply(handoff, command, RULES)
    assert caught.value.for_reader == TOLD[caught.value.refusal]
    return caught.value.refusal


CLAIMED = after(waiting(), c.Claim(ANN, T))
ANSWERED = after(CLAIMED, c.Answer(ANN, T))
OFFERED = after(CLAIMED, c.TransferTo(ANN, T, ENERGY, "属于节能"))
CLOSED = after(ANSWERED, c.Close(ANN, T, CloseOutcome.ANSWERED, "s12"))


def test_every_command_has_its_states_and_its_step_and_every_refusal_its_sentence():
    assert set(ALLOWED) == set(STEPS) == set(Command.__args__)
    assert set(TOLD) == set(Refusal)


def test_the_first_who_takes_it_has_it():
    assert (CLAIMED.person, CLAIMED.first_person, CLAIMED.first_section) == ("ann", "ann", INVESTMENT)
    assert CLAIMED.state is HandoffState.WITH_STAFF
    assert refused(CLAIMED, c.Claim(BEN, T)) is Refusal.CLAIMED
    assert CLAIMED.version == 1


@pytest.mark.parametrize(
    ("by", "why"),
    [(EVA, Refusal.OTHER_SECTION), (AUDITOR, Refusal.NOT_ALLOWED), (ROOT, Refusal.NOT_ALLOWED)],
)
def test_who_may_not_claim(by, why):
    assert refused(waiting(), c.Claim(by, T)) is why


def test_only_who_has_it_answers_transfers_and_closes():
    orders = [
        c.Answer(BEN, T),
        c.TransferTo(BEN, T, ENERGY, "x"),
        c.Close(BEN, T, CloseOutcome.WITHDRAWN),
        c.Release(BEN, T, "x"),
    ]
    assert {refused(CLAIMED, order) for order in orders} == {Refusal.NOT_YOURS}
    assert refused(waiting(), c.Answer(ANN, T)) is Refusal.NOT_CLAIMED


def test_until_another_section_has_accepted_the_first_stays_responsible():
    assert (OFFERED.section, OFFERED.person) == (INVESTMENT, "ann")
    assert OFFERED.state is HandoffState.WAITING_OTHER_SECTION
    accepted = after(OFFERED, c.Accept(EVA, T))
    assert (accepted.section, accepted.person, accepted.transfer) == (ENERGY, "eva", None)
    assert accepted.first_section == INVESTMENT
    assert refused(OFFERED, c.Accept(CARL, T)) is Refusal.NOT_OFFERED
    assert refused(OFFERED, c.TransferTo(ANN, T, OFFICE, "x")) is Refusal.IN_TRANSFER


def test_a_return_needs_a_reason_and_a_proposal_and_does_not_reset_the_clock():
    assert refused(OFFERED, c.Return(EVA, T, " ", OFFICE)) is Refusal.NO_REASON
    assert refused(OFFERED, c.Return(EVA, T, "不归我科", "nowhere")) is Refusal.NO_SECTION
    assert refused(OFFERED, c.Return(EVA, T, "不归我科", ENERGY)) is Refusal.SAME_SECTION
    change = apply(OFFERED, c.Return(EVA, T, "不归我科", OFFICE), RULES)
    assert (change.handoff.person, change.handoff.section) == ("ann", INVESTMENT)
    assert change.handoff.due == CLAIMED.due
    assert change.events[-1].data["proposed"] == OFFICE


def test_more_than_two_transfers_go_to_the_office_which_decides():
    again = after(
        OFFERED,
        c.Return(EVA, T, "不归我科", CONDUCT),
        c.TransferTo(ANN, T, CONDUCT, "再转"),
        c.Return(CARL, T, "也不归我科", ENERGY),
        c.TransferTo(ANN, T, ENERGY, "再转"),
    )
    assert again.transfer is not None
    assert (again.transfer.to, again.escalated) == (OFFICE, True)
    assert refused(again, c.Return(OTTO, T, "x", ENERGY)) is Refusal.FINAL
    assert refused(again, c.Withdraw(ANN, T)) is Refusal.FINAL
    decided = after(again, c.Accept(OTTO, T), c.TransferTo(OTTO, T, ENERGY, "指定节能科办理"))
    assert refused(decided, c.Return(EVA, T, "x", OFFICE)) is Refusal.FINAL
    held = after(decided, c.Accept(EVA, T))
    assert refused(held, c.TransferTo(EVA, T, INVESTMENT, "x")) is Refusal.ESCALATED


def test_a_complaint_about_conduct_never_goes_to_the_section_complained_about():
    assert waiting("complaint").section == CONDUCT
    about = waiting("complaint", about=CONDUCT)
    assert about.section == OFFICE
    assert refused(about, c.Claim(CARL, T)) is Refusal.COMPLAINED_ABOUT
    held = after(waiting("complaint", about=ENERGY), c.Claim(CARL, T))
    assert refused(held, c.TransferTo(CARL, T, ENERGY, "x")) is Refusal.COMPLAINED_ABOUT
    kept = after(CLAIMED, c.KeepFrom(ANN, T, INVESTMENT))
    assert (kept.section, kept.person) == (CONDUCT, None)
    assert waiting("complaint", about=OFFICE).section == CONDUCT


def test_a_is_relieved_by_b_and_comes_back_while_the_clock_runs_on():
    day = date(2026, 11, 23)
    change = relieve(CLAIMED, ROSTER, day, T)
    assert change is not None
    assert (change.handoff.person, change.handoff.standing_in_for) == ("ben", "ann")
    assert change.handoff.due == CLAIMED.due
    assert relieve(change.handoff, ROSTER, day, T) is None
    back = relieve(change.handoff, ROSTER, date(2026, 11, 25), T)
    assert back is not None
    assert (back.handoff.person, back.handoff.standing_in_for) == ("ann", None)
    assert ROSTER.offered(INVESTMENT, day) == ("ben",)
    assert ROSTER.offered(INVESTMENT, date(2026, 11, 25)) == ("ann",)


def test_what_must_be_told_is_told_before_it_is_closed():
    assert refused(CLAIMED, c.Close(ANN, T, CloseOutcome.ANSWERED)) is Refusal.NOT_TOLD
    assert after(CLAIMED, c.Close(ANN, T, CloseOutcome.WITHDRAWN)).state is HandoffState.CLOSED
    assert (CLOSED.outcome, CLOSED.entry) == (CloseOutcome.ANSWERED, "s12")
    assert refused(CLOSED, c.Answer(ANN, T)) is Refusal.IS_CLOSED


def test_a_closed_one_is_opened_again_with_a_clock_of_its_own():
    later = moment(9, 28)
    again = after(CLOSED, c.Reopen(later, "没有解决"))
    assert (again.state, again.person, again.section) == (HandoffState.REOPENED, None, INVESTMENT)
    assert again.clock.received == date(2026, 9, 28)
    assert refused(CLAIMED, c.Reopen(later, "x")) is Refusal.NOT_CLOSED


def test_an_interim_reply_leaves_the_clock_running_and_an_answer_stops_it():
    assert after(CLAIMED, c.Answer(ANN, T, complete=False)).running
    assert not ANSWERED.running
    asked = after(ANSWERED, c.Wrote(moment(9, 21)))
    assert (asked.state, asked.clock.received) == (HandoffState.WITH_STAFF, date(2026, 9, 21))
    assert after(CLAIMED, c.Wrote(T)).clock == CLAIMED.clock


def test_an_extension_names_approver_and_reason_and_keeps_to_the_limit():
    held = after(CLAIMED, c.Reclassify(ANN, T, "disclosure", date(2026, 9, 14)))
    assert refused(held, c.Extend(ANN, T, 5, "科长", "x")) is Refusal.NOT_ALLOWED
    assert refused(held, c.Extend(HEAD, T, 5, "", "x")) is Refusal.NO_POST
    assert refused(held, c.Extend(HEAD, T, 5, "科长", "")) is Refusal.NO_REASON
    assert refused(held, c.Extend(HEAD, T, 21, "科长", "x")) is Refusal.TOO_LONG
    longer = after(held, c.Extend(HEAD, T, 20, "科长", "需征求意见"))
    assert refused(longer, c.Extend(HEAD, T, 1, "科长", "x")) is Refusal.TOO_LONG
    assert longer.due is not None
    assert held.due is not None
    assert longer.due > held.due


def test_a_suspension_needs_a_ground_of_the_rule_and_its_days_do_not_count():
    assert refused(CLAIMED, c.Suspend(ANN, T, "征求第三方意见")) is Refusal.NO_SUSPENSION
    held = after(CLAIMED, c.Reclassify(ANN, T, "disclosure", date(2026, 9, 14)))
    paused = after(held, c.Suspend(ANN, moment(9, 15), "征求第三方意见"))
    assert paused.due is None
    assert refused(paused, c.Suspend(ANN, T, "征求第三方意见")) is Refusal.PAUSED
    going = after(paused, c.Resume(ANN, moment(9, 17)))
    assert RULES.calendar.between(held.due, going.due) == 2


def test_a_duplicate_is_merged_and_cannot_be_opened_again():
    into = replace(waiting(), number="ZZZZ2345")
    merged = after(waiting(), c.Merge(ANN, T, into))
    assert (merged.outcome, merged.merged_into) == (CloseOutcome.MERGED, "ZZZZ2345")
    assert refused(merged, c.Reopen(T, "x")) is Refusal.MERGED
    assert refused(CLAIMED, c.Merge(ANN, T, CLAIMED)) is Refusal.SAME_ONE
    assert refused(CLAIMED, c.Merge(ANN, T, CLOSED)) is Refusal.SAME_ONE


def test_satisfaction_is_said_once():
    rated = after(CLOSED, c.Rate(T, 5))
    assert rated.satisfaction == 5
    assert refused(rated, c.Rate(T, 1)) is Refusal.RATED
    assert refused(CLOSED, c.Rate(T, 6)) is Refusal.BAD_SCORE


def test_the_head_of_a_section_gives_and_takes():
    given = after(CLAIMED, c.Assign(HEAD, T, BEN))
    assert (given.person, given.first_person) == ("ben", "ann")
    assert refused(CLAIMED, c.Assign(HEAD, T, EVA)) is Refusal.OTHER_SECTION
    assert refused(CLAIMED, c.Assign(BEN, T, BEN)) is Refusal.NOT_ALLOWED
    assert after(CLAIMED, c.Release(HEAD, T, "请假")).person is None
    foreign = person("fred", ENERGY, Role.SECTION_HEAD)
    assert refused(CLAIMED, c.Assign(foreign, T, BEN)) is Refusal.OTHER_SECTION


def test_who_waits_too_long_is_warned_of_and_marked_once():
    one = waiting()
    assert one.due == date(2026, 9, 17)
    assert tick(one, moment(9, 15), RULES) is None
    warned = tick(one, moment(9, 16), RULES)
    assert warned is not None
    assert [e.kind.value for e in warned.events] == ["warned"]
    assert tick(warned.handoff, moment(9, 17), RULES) is None
    late = tick(warned.handoff, moment(9, 18), RULES)
    assert late is not None
    assert late.handoff.overdue_on == date(2026, 9, 18)
    assert tick(late.handoff, moment(9, 25), RULES) is None
    # Whoever answers late cannot do so unmarked, whether or not anybody looked in between.
    answered = after(CLAIMED, c.Answer(ANN, moment(9, 30)))
    assert answered.overdue_on == date(2026, 9, 18)
