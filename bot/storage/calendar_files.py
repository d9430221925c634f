"""Reads the official calendar from ``data/calendar``: one reviewed file for each year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.desk.errors import CatalogueError
from bot.desk.working_days import Calendar, Year
from bot.storage.responses_files import read_mapping


def load_calendar(data: Path) -> Calendar:
    """Give the calendar of all years that have a reviewed file.

    Raises ``CatalogueError`` naming file, field and what is wrong. A year whose file is not reviewed is
    not known: what falls into it cannot be determined.
    """
    years = (_year(path) for path in sorted((data / "calendar").glob("*.yml")))
    return Calendar(year for year in years if year is not None)


def _year(path: Path) -> Year | None:
    content = read_mapping(path)
    year = content.get("year")
    if not isinstance(year, int) or path.stem != str(year):
        raise _wrong(path, "year", "应与文件名相同,例如 2026.yml 写 year: 2026")
    notices = content.get("notices")
    if not isinstance(notices, list) or not notices or not all(_is_notice(n) for n in notices):
        raise _wrong(path, "notices", "应列出国务院通知的 title 和 url")
    holidays = frozenset(_holidays(path, year, content.get("holidays")))
    worked = frozenset(_worked(path, year, content.get("worked"), holidays))
    reviewed = content.get("reviewed")
    if reviewed is not None and not isinstance(reviewed, dict):
        raise _wrong(path, "reviewed", "应写明核对日期 on 和核对方法 how")
    return Year(year, holidays, worked) if reviewed else None


def _is_notice(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("title")) and bool(value.get("url"))


def _holidays(path: Path, year: int, found: Any) -> Iterator[date]:
    if not isinstance(found, list) or not found:
        raise _wrong(path, "holidays", "应为节假日的列表,每项写 name、first、last")
    for number, item in enumerate(found):
        field = f"holidays[{number}]"
        if not isinstance(item, dict) or not item.get("name"):
            raise _wrong(path, field, "应写 name、first、last")
        first = _day(path, year, f"{field}.first", item.get("first"))
        last = _day(path, year, f"{field}.last", item.get("last"))
        if last < first:
            raise _wrong(path, f"{field}.last", "不能早于 first")
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _worked(path: Path, year: int, found: Any, holidays: frozenset[date]) -> Iterator[date]:
    if not isinstance(found, list):
        raise _wrong(path, "worked", "应为调休上班日的列表")
    for number, value in enumerate(found):
        field = f"worked[{number}]"
        day = _day(path, year, field, value)
        if day in holidays:
            raise _wrong(path, field, "这一天同时列为放假,请改正其中一处")
        yield day


def _day(path: Path, year: int, field: str, value: Any) -> date:
    if type(value) is not date or value.year != year:
        raise _wrong(path, field, f"应为 {year} 年的日期,例如 {year}-05-01")
    return value


def _wrong(path: Path, field: str, told: str) -> CatalogueError:
    return CatalogueError(f"{path}: {field}", f"日历文件 {path} 的 {field} 有误:{told}。")
