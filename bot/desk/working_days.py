"""Working days by the official calendar. Working days and calendar days are different types."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """A number of working days (工作日)."""

    count: int


@dataclass(frozen=True)
class CalendarDays:
    """A number of calendar days (日历日, 自然日)."""

    count: int


@dataclass(frozen=True)
class Months:
    """A number of months: it ends on the day of that number, or on the last day of a shorter month."""

    count: int


Length = WorkingDays | CalendarDays | Months


@dataclass(frozen=True)
class Year:
    """A year as the State Council's notice arranges it: days off, and days of rest that are worked."""

    year: int
    holidays: frozenset[date]
    worked: frozenset[date]


class Calendar:
    """The years that are known. Of a year that is not, nothing is known: weekends alone prove nothing."""

    def __init__(self, years: Iterable[Year] = ()) -> None:
        self._years: Mapping[int, Year] = {year.year: year for year in years}

    @property
    def arranged(self) -> tuple[Year, ...]:
        """The years as they are arranged, the earliest first."""
        return tuple(self._years[year] for year in sorted(self._years))

    @property
    def years(self) -> frozenset[int]:
        """The years that are known."""
        return frozenset(self._years)

    def works(self, day: date) -> bool | None:
        """Say whether the day is a working day; ``None`` when its year is not known."""
        year = self._years.get(day.year)
        if year is None:
            return None
        if day in year.worked:
            return True
        return day.weekday() < _SATURDAY and day not in year.holidays

    def end(
        self, received: date, length: Length, counts: Callable[[date], bool] = lambda day: True
    ) -> date | None:
        """Give the last day of a time limit; ``None`` when a calendar that is needed is not known.

        The day of receipt does not count, the day after it is the first. An end that falls on a day of
        rest moves to the next working day (民法典第201、203条). ``counts`` says of a day whether it counts.
        """
        if isinstance(length, WorkingDays):
            return self._end(received, length.count, lambda day: bool(self.works(day)) and counts(day))
        if isinstance(length, Months):
            return self._moved_on(_months_on(received, length.count))
        last = self._end(received, length.count, counts, every=False)
        return self._moved_on(last) if last else None

    def between(self, after: date, last: date) -> int | None:
        """Give how many working days there are after one day, up to and with another."""
        days = [self.works(after + _DAY * n) for n in range(1, (last - after).days + 1)]
        return None if None in days else sum(map(bool, days))

    def _end(
        self, received: date, count: int, counts: Callable[[date], bool], every: bool = True
    ) -> date | None:
        day = received
        while count > 0:
            day += _DAY
            if every and self.works(day) is None:
                return None
            count -= counts(day)
        return day

    def _moved_on(self, day: date) -> date | None:
        while (works := self.works(day)) is False:
            day += _DAY
        return day if works else None


def _months_on(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
