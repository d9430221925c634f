"""Tests of working days and time limits against an oracle of their own: a calendar kept by others."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.clocks import Clock, Pause
from bot.desk.time_limits import Standing, TimeLimit, due_of, standing, warns_at
from bot.desk.working_days import Calendar, CalendarDays, Months, WorkingDays
from bot.storage.calendar_files import load_calendar

DAY = timedelta(days=1)
CALENDAR = load_calendar(Path(__file__).parents[2] / "data")
DAYS = st.dates(date(2014, 1, 1), date(2026, 9, 1))


def oracle_end(received: date, count: int, working: bool, pauses: tuple[Pause, ...] = ()) -> date:
    """Give the last day by counting with the other calendar, written the other way round."""
    day, left = received, count
    while left:
        day = day + DAY
        paused = any(p.began < day <= (p.ended or date.max) for p in pauses)
        if paused or (working and not chinese_calendar.is_workday(day)):
            continue
        left -= 1
    while not chinese_calendar.is_workday(day):
        day += DAY
    return day


def test_every_day_of_thirteen_years_is_as_the_other_calendar_has_it():
    assert CALENDAR.years == frozenset(range(2014, 2027))
    days = [date(2014, 1, 1) + DAY * n for n in range((date(2027, 1, 1) - date(2014, 1, 1)).days)]
    assert [d for d in days if CALENDAR.works(d) != chinese_calendar.is_workday(d)] == []


@settings(max_examples=500, deadline=None)
@given(DAYS, st.integers(1, 40))
def test_working_days_end_where_the_oracle_ends(received, count):
    assert CALENDAR.end(received, WorkingDays(count)) == oracle_end(received, count, working=True)


@settings(max_examples=500, deadline=None)
@given(DAYS, st.integers(1, 90))
def test_calendar_days_end_where_the_oracle_ends(received, count):
    assert CALENDAR.end(received, CalendarDays(count)) == oracle_end(received, count, working=False)


@settings(max_examples=300, deadline=None)
@given(DAYS, st.integers(1, 20), st.booleans(), st.integers(0, 9), st.integers(0, 15))
def test_days_of_a_pause_do_not_count(received, count, working, after, lasting):
    began = received + DAY * after
    pauses = (Pause(began, "征求第三方意见", began + DAY * lasting),)
    length = WorkingDays(count) if working else CalendarDays(count)
    clock = Clock("x", received, 0, pauses)
    limit = TimeLimit("x", "x", "x", length, "x")
    assert due_of(clock, limit, CALENDAR) == oracle_end(received, count, working, pauses)


@pytest.mark.parametrize(
    ("received", "length", "last"),
    [
        # The day of receipt does not count; a week with a holiday is longer.
        (date(2026, 9, 24), WorkingDays(1), date(2026, 9, 28)),
        (date(2026, 9, 30), WorkingDays(3), date(2026, 10, 10)),
        # Submitted on a Saturday: the first day is Monday.
        (date(2026, 11, 21), WorkingDays(1), date(2026, 11, 23)),
        # An end on a holiday moves on; working days and calendar days are not the same.
        (date(2026, 9, 1), CalendarDays(30), date(2026, 10, 8)),
        (date(2026, 8, 31), CalendarDays(15), date(2026, 9, 15)),
        (date(2026, 3, 31), Months(6), date(2026, 9, 30)),
        (date(2025, 8, 31), Months(6), date(2026, 2, 28)),
    ],
)
def test_known_cases(received, length, last):
    assert CALENDAR.end(received, length) == last


def test_without_the_next_years_calendar_nothing_is_guessed():
    assert CALENDAR.works(date(2027, 1, 4)) is None
    assert CALENDAR.end(date(2026, 12, 30), WorkingDays(2)) is None
    assert CALENDAR.end(date(2026, 12, 30), WorkingDays(1)) == date(2026, 12, 31)
    assert CALENDAR.end(date(2026, 12, 1), CalendarDays(60)) is None
    assert CALENDAR.between(date(2026, 12, 30), date(2027, 1, 2)) is None
    assert Calendar().end(date(2026, 1, 1), WorkingDays(1)) is None


def test_a_limit_without_a_length_is_to_be_determined():
    unknown = TimeLimit("x", "x", "x", None, "未找到")
    clock = Clock("x", date(2026, 11, 2))
    assert due_of(clock, unknown, CALENDAR) is None
    assert standing(clock, None, unknown, date(2026, 12, 1), CALENDAR) is Standing.UNDETERMINED


def test_warned_before_and_overdue_after():
    limit = TimeLimit("x", "x", "x", WorkingDays(3), "x", warn=1)
    clock = Clock("x", date(2026, 11, 18))
    due = due_of(clock, limit, CALENDAR)
    assert due == date(2026, 11, 23)
    days = {d: standing(clock, due, limit, date(2026, 11, d), CALENDAR) for d in (19, 20, 22, 23, 24)}
    assert days[19] is Standing.RUNNING
    assert {days[20], days[22], days[23]} == {Standing.DUE_SOON}
    assert days[24] is Standing.OVERDUE
    assert warns_at(due, limit, date(2026, 11, 20), CALENDAR)
    paused = clock.pause(date(2026, 11, 19), "x")
    assert standing(paused, due, limit, date(2026, 12, 1), CALENDAR) is Standing.PAUSED
