"""The rules that commands are judged by: sections, limits, the calendar, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.desk.bureau import Bureau
from bot.desk.clocks import Clock
from bot.desk.enquiries import local_day
from bot.desk.handoffs.events import Event, EventKind
from bot.desk.handoffs.model import Handoff, Reason
from bot.desk.handoffs.refusals import HandoffError, Refusal
from bot.desk.staff import Person
from bot.desk.time_limits import TimeLimit, TimeLimits, due_of, warns_at
from bot.desk.working_days import Calendar

CONDUCT, INTAKE = "conduct_complaints", "disclosure_intake"
MOST_TRANSFERS = 2


@dataclass(frozen=True)
class Rules:
    """What holds for all handoffs of a bureau: ids of its sections, its time limits and its calendar.

    ``office`` decides where nobody feels responsible, ``conduct`` takes complaints about conduct,
    ``disclosure`` applications for disclosure.
    """

    office: str
    conduct: str
    disclosure: str
    sections: frozenset[str]
    limits: TimeLimits
    calendar: Calendar

    def limit(self, clock: Clock) -> TimeLimit | None:
        """Give the limit that a clock counts."""
        return self.limits.limits.get(clock.kind)

    def route(self, reason: str, section: str, about: str | None) -> str:
        """Give the one section that a handoff begins with; never the one that is complained about."""
        if reason == Reason.COMPLAINT.value:
            section = self.conduct
        elif reason in (Reason.DISCLOSURE_APPLICATION.value, Reason.CORRECTION.value):
            section = self.disclosure
        return self.arbiter(about) if section == about or section not in self.sections else section

    def arbiter(self, about: str | None) -> str:
        """Give the section that decides who is responsible: the office, unless it is complained about."""
        others = sorted(self.sections - {self.office, self.conduct})
        return next(s for s in (self.office, self.conduct, *others, self.office) if s != about)

    def last_to_hear(self, reached: float) -> date | None:
        """Give the last day on which the enquirer may say more, when an answer has reached them then.

        ``None``: nothing is closed by itself, or a calendar that is needed is not known.
        """
        silence = self.limits.silence
        return self.calendar.end(local_day(reached), silence) if silence else None

    def timed(self, handoff: Handoff, clock: Clock) -> Handoff:
        """Give the handoff with this clock, and the day it is due."""
        return replace(handoff, clock=clock, due=due_of(clock, self.limit(clock), self.calendar))


def rules_of(bureau: Bureau, limits: TimeLimits, calendar: Calendar) -> Rules:
    """Give the rules of a bureau."""
    by_role = {section.role: section.id for section in bureau.sections.values() if section.role}
    office = bureau.default_section
    return Rules(
        office=office,
        conduct=by_role.get(CONDUCT, office),
        disclosure=by_role.get(INTAKE, office),
        sections=frozenset(bureau.sections),
        limits=limits,
        calendar=calendar,
    )


def marked(handoff: Handoff, day: date, rules: Rules) -> tuple[Handoff, tuple[Event, ...]]:
    """Give the handoff warned or marked as overdue, if this day calls for it, with the events of that.

    The mark is the first day after the one it was due; it stays whatever happens later (超期留痕).
    """
    limit, due = rules.limit(handoff.clock), handoff.due
    if not handoff.running or due is None or limit is None:
        return handoff, ()
    if day > due:
        if handoff.overdue_on and handoff.overdue_on > due:
            return handoff, ()
        event = Event(EventKind.OVERDUE, 0.0, data={"due": due.isoformat()})
        return replace(handoff, overdue_on=due + timedelta(days=1)), (event,)
    if handoff.warned_for == due or not warns_at(due, limit, day, rules.calendar):
        return handoff, ()
    event = Event(EventKind.WARNED, 0.0, data={"due": due.isoformat()})
    return replace(handoff, warned_for=due), (event,)


def must_work(handoff: Handoff, by: Person) -> None:
    """Refuse people who handle no enquiries, and those of a section that is complained about."""
    if not by.works:
        raise HandoffError(Refusal.NOT_ALLOWED)
    if handoff.about == by.section:
        raise HandoffError(Refusal.COMPLAINED_ABOUT)


def must_be_of_section(handoff: Handoff, by: Person) -> None:
    """Refuse people of sections that are not responsible."""
    must_work(handoff, by)
    if by.section != handoff.section:
        raise HandoffError(Refusal.OTHER_SECTION)


def must_have_it(handoff: Handoff, by: Person) -> None:
    """Refuse everybody but the one person who is responsible."""
    must_work(handoff, by)
    if handoff.person is None:
        raise HandoffError(Refusal.NOT_CLAIMED)
    if handoff.person != by.id:
        raise HandoffError(Refusal.NOT_YOURS)


def must_say(text: str, refusal: Refusal = Refusal.NO_REASON) -> str:
    """Give the text without its margins; refuse an empty one."""
    if not text.strip():
        raise HandoffError(refusal)
    return text.strip()
