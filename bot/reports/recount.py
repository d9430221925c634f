"""Counts a second time, in plain Python over the rows, to prove the figures that SQL gave.

Nothing here is shared with ``bot/storage/counting.py`` but the definition of the statistic: a mistake in
one of the two shows as a difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.desk.statistics import Definition, Figures, How, Key, Measure, Part, Scope, Values

Row = Mapping[str, Any]
EPOCH = date(1970, 1, 1)
BEIJING = 8 * 3600
_DAY_OF = {"enquiries": "day", "cases": "received_on"}
_BEGAN = {"enquiries": "at", "handoffs": "opened_at"}
_RENAMED = {
    "times_transferred": "transfers",
    "entry": "entry_id",
    "section": "section_id",
    "conversation": "conversation_id",
}


class Recount:
    """Counts one statistic, row by row; ``figures`` gives what came of it."""

    def __init__(self, definition: Definition, scope: Scope) -> None:
        self._definition = definition
        self._scope = scope
        self._lines: dict[Key, list[_Tally]] = {}
        self._whole = [_Tally(m) for m in definition.measures]

    def add(self, row: Row) -> None:
        """Take one row into account, if it belongs to the statistic."""
        definition = self._definition
        if not self._in_scope(row) or not self._fits(row, definition.where):
            return
        for tally in self._whole:
            self._tell(tally, row)
        for key in self._keys(row):
            if key not in self._lines:
                self._lines[key] = [_Tally(m) for m in definition.measures]
            for tally in self._lines[key]:
                self._tell(tally, row)

    def figures(self) -> Figures:
        """Give the figures of the rows so far."""
        lines = {key: _values(tallies) for key, tallies in self._lines.items()}
        return Figures(lines, _values(self._whole))

    def _in_scope(self, row: Row) -> bool:
        day = self._day(row)
        section = self._scope.section
        within = self._scope.first <= day <= self._scope.last
        return within and (section is None or row["section_id"] == section) and not row.get("void")

    def _fits(self, row: Row, where: Mapping[str, tuple[Part, ...]]) -> bool:
        return all(self._value(row, name) in values for name, values in where.items())

    def _tell(self, tally: _Tally, row: Row) -> None:
        measure = tally.measure
        if self._fits(row, measure.where):
            tally.add(self._value(row, measure.field) if measure.field else None)

    def _keys(self, row: Row) -> Iterator[Key]:
        found: list[Key] = [()]
        for name in self._definition.by:
            value = self._value(row, name)
            parts = (sorted(set(value)) or [None]) if isinstance(value, (list, tuple)) else [value]
            found = [(*key, part) for key in found for part in parts]
        yield from found

    def _value(self, row: Row, name: str) -> Any:
        if name in ("day", "week", "month", "quarter", "year"):
            return _calendar(name, self._day(row))
        if name in ("hour", "weekday"):
            days, second = divmod(math.floor(row[_BEGAN[self._definition.of]]) + BEIJING, 86400)
            return second // 3600 if name == "hour" else (EPOCH + timedelta(days)).isoweekday()
        if name == "timeliness" and row.get("overdue_on"):
            return "overdue"  # it was late once, whatever limit has begun since
        if name == "timeliness":
            done = row["finished_on"] if "finished_on" in row else _day_of(row["first_answered_at"])
            return _timeliness(row["due_on"], done, self._scope.today)
        if name in ("reply_days", "reply_minutes"):
            return self._until_answered(name, row)
        return row[_RENAMED.get(name, name)]

    def _day(self, row: Row) -> date:
        named = _DAY_OF.get(self._definition.of)
        day: date | None = row[named] if named else _day_of(row["opened_at"])
        assert day is not None
        return day

    def _until_answered(self, name: str, row: Row) -> int | None:
        began, ended = row["opened_at"], row["first_answered_at"]
        if ended is None:
            return None
        if name == "reply_minutes":
            return int((math.floor(ended) - math.floor(began)) / 60)
        calendar, day, last = self._scope.calendar, _day_of(began), _day_of(ended)
        if calendar is None or day is None or last is None:
            return None
        worked = 0
        while day < last:
            day += timedelta(1)
            works = calendar.works(day)
            if works is None:
                return None
            worked += works
        return worked


class _Tally:
    """What one measure has come to."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self._rows = 0
        self._seen: set[Any] = set()
        self._numbers: list[int] = []

    def add(self, value: Any) -> None:
        self._rows += 1
        if self.measure.how is How.DISTINCT and value is not None:
            self._seen.add(value)
        elif self.measure.how in (How.SUM, How.AVERAGE, How.PERCENTILE) and value is not None:
            self._numbers.append(value)

    @property
    def value(self) -> int | None:
        how = self.measure.how
        if how is How.ROWS:
            return self._rows
        if how is How.DISTINCT:
            return len(self._seen)
        if how is How.SUM:
            return sum(self._numbers)
        if not self._numbers:
            return None
        if how is How.AVERAGE:
            return math.floor(sum(self._numbers) / len(self._numbers) + 0.5)
        place = math.ceil(len(self._numbers) * (self.measure.at or 0) / 100)
        return sorted(self._numbers)[place - 1]


def recount(definition: Definition, scope: Scope, rows: Iterable[Row]) -> Figures:
    """Give the figures of a statistic over these rows."""
    counted = Recount(definition, scope)
    for row in rows:
        counted.add(row)
    return counted.figures()


def _values(tallies: Iterable[_Tally]) -> Values:
    return tuple(tally.value for tally in tallies)


def _calendar(name: str, day: date) -> str:
    if name == "day":
        return day.isoformat()
    if name == "week":
        thursday = day + timedelta(4 - day.isoweekday())
        return f"{thursday.year}-W{(thursday.timetuple().tm_yday + 6) // 7:02d}"
    if name == "quarter":
        return f"{day.year}-Q{math.ceil(day.month / 3)}"
    return day.isoformat()[: 7 if name == "month" else 4]


def _day_of(at: float | None) -> date | None:
    return None if at is None else EPOCH + timedelta((math.floor(at) + BEIJING) // 86400)


def _timeliness(due: date | None, done: date | None, today: date) -> str:
    if due is None:
        return "no_limit" if done else "undetermined"
    if (done or today) > due:
        return "overdue"
    return "in_time" if done else "running"
