"""Random histories of a handoff, and an oracle with its own account of whose it is and when it is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from bot.desk.enquiries import BUREAU_TIME
from bot.desk.handoffs import CloseOutcome, Event, Handoff, HandoffError, HandoffState, apply, opened, tick
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.commands import Command
from bot.desk.handoffs.history import standing
from bot.desk.handoffs.standing_in import relieve
from bot.desk.staff import Absence, Person, Role, Roster
from bot.storage.calendar_files import load_calendar
from tests.desk.handoffs.bureau import EVERYBODY, ROSTER, RULES, SECTIONS

SETTING = replace(RULES, calendar=load_calendar(Path(__file__).parents[3] / "data"))
PLACES = (*sorted(SECTIONS), "nowhere")
REASONS = ("", "有理由", "有理由", "有理由")
# Kind: days, whether they are working days, longest extension, whether it can be suspended.
KINDS = {"chat": (3, True, 10**6), "disclosure": (20, True, 20), "payment": (30, False, 60)}
SILENCE = 3  # working days
GROUND = "征求第三方意见"
DAY = timedelta(days=1)


class Choices:
    """Choices made by the bytes of a history; when they run out the history ends."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._at = 0

    @property
    def left(self) -> bool:
        """Whether there is more to choose by."""
        return self._at < len(self._source)

    def below(self, count: int) -> int:
        """Give a number below ``count``."""
        value = self._source[self._at] if self.left else 0
        self._at += 1
        return value % count

    def of(self, things):
        """Give one of the things."""
        return things[self.below(len(things))]


@cache
def rests(day: date) -> bool:
    """Say whether the other calendar has the day as a day of rest."""
    return not chinese_calendar.is_workday(day)


@dataclass
class Account:
    """What the oracle knows, from commands that succeeded and nothing else."""

    section: str
    kind: str
    received: date
    holder: str | None = None
    offered: str | None = None
    extended: int = 0
    counted_out: list[tuple[date, date | None]] = field(default_factory=list)
    answered: bool = False
    closed: bool = False
    transfers: int = 0
    late: bool = False
    told: date | None = None

    def due(self) -> date | None:
        """Count the days one by one, with the other calendar."""
        if self.kind not in KINDS or (self.counted_out and self.counted_out[-1][1] is None):
            return None
        days, working, _ = KINDS[self.kind]
        left, day = days + self.extended, self.received
        while left:
            day += DAY
            if day.year > 2026:
                return None
            skipped = any(a < day <= (b or date.max) for a, b in self.counted_out)
            left -= not (skipped or (working and rests(day)))
        while day.year <= 2026 and rests(day):
            day += DAY
        return day if day.year <= 2026 else None

    def silent_for(self, day: date) -> int:
        """Count the working days after the last answer, before this day, with the other calendar."""
        assert self.told
        return sum(not rests(self.told + DAY * n) for n in range(1, (day - self.told).days))

    def anew(self, day: date) -> None:
        """Count from this day."""
        self.received, self.extended, self.counted_out = day, 0, []

    def look(self, day: date) -> None:
        """Note that a day has come on which an answer is late."""
        due = self.due()
        if due and day > due and not (self.closed or self.answered):
            self.late = True


def play(source: bytes) -> list[str]:
    """Play one history and hold everything that must always hold. Gives the commands that succeeded."""
    chosen = Choices(source)
    moment = datetime(2025 + chosen.below(2), 1, 2, 9, tzinfo=BUREAU_TIME) + DAY * (chosen.below(250))
    about = chosen.of((None, None, *sorted(SECTIONS)))
    reason = chosen.of(("asked_for_person", "complaint"))
    start = opened("N", "c", 1, reason, chosen.of(PLACES), moment.timestamp(), SETTING, None, about)
    handoff, events = start.handoff, [*start.events]
    account = Account(handoff.section, handoff.clock.kind, moment.date())
    hold(handoff, account, moment.date())
    done = []
    while chosen.left:
        moment += timedelta(hours=chosen.of((0, 1, 5, 24, 24, 72)))
        account.look(moment.date())
        hold_silence(handoff, account, moment)
        handoff = watch(handoff, account, moment, chosen, events)
        command = choose(chosen, handoff, moment.timestamp())
        try:
            change = apply(handoff, command, SETTING)
        except HandoffError:
            continue
        assert change.handoff.version == handoff.version + 1
        follow(account, command, handoff, moment.date())
        handoff = change.handoff
        events += change.events
        done.append(type(command).__name__)
        hold(handoff, account, moment.date())
        if chosen.below(8) == 0:
            retell(handoff, events)
    end = tick(handoff, moment.timestamp(), SETTING)
    handoff = end.handoff if end else handoff
    assert bool(handoff.overdue_on) == account.late
    retell(handoff, [*events, *(end.events if end else ())])
    return done


def hold_silence(handoff: Handoff, account: Account, moment: datetime) -> None:
    """An answer that has arrived lets the bot speak again after three silent working days, not before."""
    if handoff.state is not HandoffState.ANSWERED or moment.year > 2026:
        return
    try:
        change = apply(handoff, c.Lapse(moment.timestamp(), handoff.answered_at), SETTING)
    except HandoffError:
        assert account.silent_for(moment.date()) < SILENCE
        return
    assert account.silent_for(moment.date()) >= SILENCE
    assert not change.handoff.in_charge
    assert change.handoff.outcome is CloseOutcome.ANSWERED
    assert change.handoff.section == account.section


def retell(handoff: Handoff, events: Sequence[Event]) -> None:
    """Hold that the events alone tell all that is counted of the handoff."""
    told = vars(standing(events))
    offered = handoff.transfer.to if handoff.transfer else None
    state, outcome = handoff.state.value, handoff.outcome.value if handoff.outcome else None
    found = {**vars(handoff), "state": state, "outcome": outcome, "offered": offered}
    assert told == {name: found[name] for name in told}, events


def watch(
    handoff: Handoff, account: Account, moment: datetime, chosen: Choices, events: list[Event]
) -> Handoff:
    """Let the watch look, sometimes; and A be away and come back."""
    at, day = moment.timestamp(), moment.date()
    if chosen.below(3) == 0:
        change = tick(handoff, at, SETTING)
        handoff = change.handoff if change else handoff
        events += change.events if change else ()
        if not handoff.clock.paused and handoff.running and handoff.due and day > handoff.due:
            assert handoff.overdue_on
    if chosen.below(4) == 0:
        away = Roster(ROSTER.posts, (Absence("ann", day, day),) if chosen.below(2) else ())
        change = relieve(handoff, away, day, at)
        if change:
            assert change.handoff.clock == handoff.clock
            assert {change.handoff.person, handoff.person} == {"ann", "ben"}
            account.holder = change.handoff.person
            handoff = change.handoff
            events += change.events
    return handoff


def follow(account: Account, command: Command, before: Handoff, day: date) -> None:
    """Keep the account of a command that succeeded."""
    was_answered = account.answered and not account.closed
    if isinstance(command, c.Claim):
        assert account.holder is None, "two people have claimed it"
        assert command.by.section == account.section
        account.holder = command.by.id
    elif isinstance(command, c.Assign):
        account.holder = command.to.id
    elif isinstance(command, c.Answer):
        assert command.by.id == account.holder
        account.answered |= command.complete and account.offered is None
        account.told = day if command.complete else account.told
    elif isinstance(command, c.TransferTo | c.Escalate):
        account.transfers += 1
        to = command.to if isinstance(command, c.TransferTo) else None
        arbiter = SETTING.arbiter(before.about)
        decides = command.by.section == arbiter
        if to is None or (account.transfers > 2 and not decides):
            to = arbiter
        account.offered = to
        _waits_again(account, was_answered, day)
    elif isinstance(command, c.Withdraw | c.Return):
        account.offered = None
    elif isinstance(command, c.Accept):
        assert command.by.section == account.offered
        account.section, account.holder, account.offered = command.by.section, command.by.id, None
    elif isinstance(command, c.Release):
        account.holder = None
        _waits_again(account, was_answered, day)
    elif isinstance(command, c.KeepFrom):
        _kept_from(account, command.section, was_answered, day)
    elif isinstance(command, c.Wrote):
        _waits_again(account, was_answered, day)
    else:
        _timed_or_ended(account, command, day)


def _waits_again(account: Account, was_answered: bool, day: date) -> None:
    if was_answered:
        account.anew(day)
    account.answered = False


def _kept_from(account: Account, section: str, was_answered: bool, day: date) -> None:
    if account.offered == section:
        account.offered = None
    if account.section == section:
        account.section = SETTING.route("complaint", section, section)
        account.holder, account.offered = None, None
        _waits_again(account, was_answered, day)


def _timed_or_ended(account: Account, command: Command, day: date) -> None:
    if isinstance(command, c.Extend):
        account.extended += command.days
        assert account.extended <= KINDS[account.kind][2]
    elif isinstance(command, c.Suspend):
        account.counted_out.append((day, None))
    elif isinstance(command, c.Resume):
        account.counted_out[-1] = (account.counted_out[-1][0], day)
    elif isinstance(command, c.Reclassify):
        account.kind = command.kind
        account.anew(command.received)
    elif isinstance(command, c.Lapse):
        assert account.answered
        assert command.reached is not None, "it was closed before the answer had reached them"
        assert account.silent_for(day) >= SILENCE, "it was closed too early"
        assert account.holder, "nobody was responsible"
        account.closed = True
    elif isinstance(command, c.Close | c.Merge):
        account.closed = True
    elif isinstance(command, c.Reopen):
        account.closed = account.answered = False
        account.holder = None
        account.anew(day)


def hold(handoff: Handoff, account: Account, day: date) -> None:
    """Hold what must always hold of a handoff, beside the account."""
    assert handoff.section in SECTIONS
    assert handoff.section == account.section
    assert handoff.section != handoff.about
    assert handoff.person == account.holder
    people = {p.id: p for p in EVERYBODY}
    if handoff.person:
        assert people[handoff.person].section == handoff.section
        assert people[handoff.person].works
    assert (handoff.transfer is not None) == (handoff.state is HandoffState.WAITING_OTHER_SECTION)
    assert (handoff.transfer.to if handoff.transfer else None) == account.offered
    assert (handoff.state is HandoffState.CLOSED) == account.closed
    if handoff.state in (HandoffState.WITH_STAFF, HandoffState.ANSWERED):
        assert handoff.person
    if handoff.state in (HandoffState.WAITING, HandoffState.REOPENED):
        assert handoff.person is None
    if handoff.open:
        assert (handoff.state is HandoffState.ANSWERED) == account.answered
        assert handoff.due == account.due()


def choose(chosen: Choices, handoff: Handoff, at: float) -> Command:
    """Choose a command; more often than not one that makes sense, by somebody who may give it."""
    kinds = list(MAKERS)
    if chosen.below(6):
        kinds = PAUSED if handoff.clock.paused and chosen.below(2) else LIKELY[handoff.state]
    kind = chosen.of(kinds)
    return MAKERS[kind](chosen, _author(chosen, handoff, kind), at, handoff)


def _author(chosen: Choices, handoff: Handoff, kind: type) -> Person:
    if chosen.below(6) == 0:
        return chosen.of(EVERYBODY)
    if kind in (c.Accept, c.Return) and handoff.transfer:
        return chosen.of([p for p in EVERYBODY if p.section == handoff.transfer.to])
    if kind in (c.Extend, c.Assign):
        return chosen.of([p for p in EVERYBODY if p.has(Role.SECTION_HEAD, Role.OFFICE)])
    held = [p for p in EVERYBODY if p.id == handoff.person]
    return chosen.of(held or [p for p in EVERYBODY if p.section == handoff.section])


def _received(chosen: Choices, at: float) -> date:
    return datetime.fromtimestamp(at, BUREAU_TIME).date() - DAY * (chosen.below(4) - 1)


Maker = Callable[..., Command]
MAKERS: dict[type, Maker] = {
    c.Claim: lambda x, by, at, h: c.Claim(by, at),
    c.Assign: lambda x, by, at, h: c.Assign(by, at, x.of(EVERYBODY)),
    c.Release: lambda x, by, at, h: c.Release(by, at, x.of(REASONS)),
    c.Answer: lambda x, by, at, h: c.Answer(by, at, bool(x.below(3))),
    c.TransferTo: lambda x, by, at, h: c.TransferTo(by, at, x.of(PLACES), x.of(REASONS)),
    c.Withdraw: lambda x, by, at, h: c.Withdraw(by, at),
    c.Accept: lambda x, by, at, h: c.Accept(by, at),
    c.Return: lambda x, by, at, h: c.Return(by, at, x.of(REASONS), x.of(PLACES)),
    c.Escalate: lambda x, by, at, h: c.Escalate(by, at, x.of(REASONS)),
    c.Extend: lambda x, by, at, h: c.Extend(by, at, x.below(25), x.of(("科长", "")), x.of(REASONS)),
    c.Suspend: lambda x, by, at, h: c.Suspend(by, at, x.of((GROUND, GROUND, "别的"))),
    c.Resume: lambda x, by, at, h: c.Resume(by, at),
    c.Reclassify: lambda x, by, at, h: c.Reclassify(by, at, x.of(KINDS_TRIED), _received(x, at)),
    c.KeepFrom: lambda x, by, at, h: c.KeepFrom(by, at, x.of(PLACES)),
    c.Note: lambda x, by, at, h: c.Note(by, at, x.of(REASONS)),
    c.Merge: lambda x, by, at, h: c.Merge(by, at, replace(h, number=x.of(("N", "M")), about=None)),
    c.Close: lambda x, by, at, h: c.Close(by, at, x.of(tuple(CloseOutcome))),
    c.Lapse: lambda x, by, at, h: c.Lapse(at, x.of((None, h.answered_at, h.answered_at, at - 86400.0))),
    c.Reopen: lambda x, by, at, h: c.Reopen(at, x.of(REASONS), x.of((by, None))),
    c.Wrote: lambda x, by, at, h: c.Wrote(at),
    c.Rate: lambda x, by, at, h: c.Rate(at, x.below(7)),
}
KINDS_TRIED = (*KINDS, "disclosure", "disclosure", "unknown", "none")
PAUSED = [c.Resume]
UNCLAIMED = [c.Claim, c.Claim, c.Claim, c.Assign, c.TransferTo, c.Escalate, c.Extend]
HELD = [c.Answer, c.Answer, c.TransferTo, c.TransferTo, c.Reclassify, c.Suspend, c.Extend, c.Assign]
LIKELY: dict[HandoffState, list[type]] = {
    HandoffState.WAITING: UNCLAIMED,
    HandoffState.REOPENED: UNCLAIMED,
    HandoffState.WITH_STAFF: [*HELD, c.Release, c.Close, c.KeepFrom],
    HandoffState.ANSWERED: [
        c.Close,
        c.Lapse,
        c.Lapse,
        c.Wrote,
        c.Wrote,
        c.TransferTo,
        c.Release,
        c.Answer,
        c.Extend,
    ],
    HandoffState.WAITING_OTHER_SECTION: [c.Accept, c.Accept, c.Return, c.Return, c.Withdraw, c.Answer],
    HandoffState.CLOSED: [c.Reopen, c.Reopen, c.Rate],
}
