"""Disclosure applications: the steps of the law, and their clock against an oracle that counts day by day."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bot.desk.applications import (
    APPLICANTS,
    MAY,
    METHODS,
    OUTCOMES,
    Law,
    check_application,
    check_step,
    due_after,
)
from bot.desk.register import CaseKind, Event, RegisterError, Stage, Step, after, case_of, check
from bot.storage.calendar_files import load_calendar
from bot.storage.time_limit_files import load_time_limits
from tests.conversing import DATA

LAW = Law(load_time_limits(DATA), load_calendar(DATA))
DAY = timedelta(1)


def event(step: Step, day: date, **content: object) -> Event:
    return Event(step, day, content, "office", 0.0)


def registered(day: date, method: str = "in_person", **more: object) -> Event:
    content = {"kind": CaseKind.APPLICATION.value, "method": method, "applicant": "person", **more}
    return event(Step.REGISTERED, day, **content)


def nth_working_day(after_day: date, count: int, pauses: list[tuple[date, date]]) -> date:
    """Count day by day on a wall calendar."""
    day = after_day
    while count:
        day += DAY
        if LAW.calendar.works(day) and not any(first < day <= last for first, last in pauses):
            count -= 1
    return day


def test_the_day_of_receipt_is_not_counted_and_spring_festival_is_no_work() -> None:
    # The holidays run from January 28 to February 4; the Sunday before and the Saturday after are worked.
    assert due_after([registered(date(2025, 1, 20))], LAW) == date(2025, 2, 21)


def test_what_comes_by_mail_or_internet_is_received_when_both_have_confirmed() -> None:
    first = registered(date(2025, 3, 3), "online_or_fax")
    assert due_after([first], LAW) is None
    assert case_of([first]).stage is Stage.CONFIRMING
    confirmed = event(Step.CONFIRMED, date(2025, 3, 10))
    assert case_of([first, confirmed]).received_on == date(2025, 3, 10)
    assert due_after([first, confirmed], LAW) == nth_working_day(date(2025, 3, 10), 20, [])


def test_a_correction_and_a_fee_begin_the_limit_again() -> None:
    first = registered(date(2025, 3, 3))
    asked = event(Step.CORRECTION_ASKED, date(2025, 3, 5), items="名称", until="2025-03-20")
    corrected = event(Step.CORRECTED, date(2025, 3, 14))
    assert due_after([first, asked], LAW) is None
    assert due_after([first, asked, corrected], LAW) == nth_working_day(date(2025, 3, 14), 20, [])
    fee = event(Step.FEE_NOTICED, date(2025, 3, 17))
    paid = event(Step.FEE_PAID, date(2025, 3, 24))
    assert due_after([first, asked, corrected, fee], LAW) is None
    assert due_after([first, asked, corrected, fee, paid], LAW) == nth_working_day(date(2025, 3, 24), 20, [])


def test_random_consultations_and_extensions_against_the_wall_calendar() -> None:
    rng = random.Random(1)
    for _ in range(300):
        day = date(2025, 1, 2) + timedelta(rng.randrange(200))
        events, pauses, extended, start = [registered(day)], [], 0, day
        for _ in range(rng.randrange(4)):
            day += timedelta(rng.randrange(6))
            if rng.random() < 0.5 and extended < 20:
                more = rng.randint(1, 20 - extended)
                extended += more
                events.append(event(Step.EXTENDED, day, days=more, approver="负责人", reason="复杂"))
            else:
                ended = day + timedelta(rng.randrange(20))
                events += [event(Step.CONSULTED, day, whom="third_party"), event(Step.CONSULT_ENDED, ended)]
                pauses.append((day, ended))
                day = ended
        assert due_after(events, LAW) == nth_working_day(start, 20 + extended, pauses)


def test_no_calendar_no_date() -> None:
    assert due_after([registered(date(2030, 3, 3))], LAW) is None


def test_only_what_the_law_allows_may_follow() -> None:
    events = [registered(date(2025, 3, 3))]
    case = case_of(events)
    day = date(2025, 3, 10)
    wrong = [
        event(Step.CORRECTED, day),
        event(Step.FEE_PAID, day),
        event(Step.ANSWERED, day, outcome="answered"),
        event(Step.ANSWERED, day, outcome="R3.6.1"),
        event(Step.EXTENDED, day, days=21, approver="负责人", reason="复杂"),
        event(Step.EXTENDED, day, days=5),
        event(Step.CORRECTION_ASKED, day),
        event(Step.CONSULTED, day),
        event(Step.ANSWERED, date(2025, 3, 1), outcome="R3.1"),
    ]
    for one in wrong:
        with pytest.raises(RegisterError):
            check_step(case, events, one, LAW)
    check_step(case, events, event(Step.ANSWERED, day, outcome="R3.1"), LAW)
    for content in ({"method": "pigeon"}, {"applicant": "nobody"}):
        with pytest.raises(RegisterError):
            check_application(registered(day, **{"method": "in_person", **content}))


def test_random_walks_end_in_one_outcome_only() -> None:
    """Whatever steps are tried, a finished application stays finished with the outcome it has."""
    rng = random.Random(2)
    for _ in range(300):
        day = date(2025, 1, 6)
        events = [registered(day, rng.choice(sorted(METHODS)), applicant=rng.choice(APPLICANTS))]
        case, ended = case_of(events), None
        for _ in range(12):
            day += timedelta(rng.randrange(9))
            step = rng.choice([s for s in Step if s not in (Step.REGISTERED, Step.CALENDAR, Step.VOIDED)])
            tried = event(
                step,
                day,
                outcome=rng.choice(OUTCOMES),
                days=rng.randint(1, 25),
                approver="负责人",
                reason="理由",
                items="名称",
                until="2026-01-01",
                whom="agency",
            )
            try:
                check(case, tried)
                check_step(case, events, tried, LAW)
            except RegisterError:
                continue
            if step is Step.AMENDED:
                continue
            assert ended is None or step not in {s for steps in MAY.values() for s in steps}
            events.append(tried)
            case = after(case, tried)
            ended = case.outcome
        assert (case.stage is Stage.FINISHED) == (ended is not None)
        assert case_of(events) == case
