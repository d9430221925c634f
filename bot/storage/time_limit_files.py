"""Reads the time limits from ``data/time_limits.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.desk.errors import CatalogueError
from bot.desk.time_limits import TimeLimit, TimeLimits
from bot.desk.working_days import CalendarDays, Length, Months, WorkingDays
from bot.storage.responses_files import read_mapping

UNITS: dict[str, type[Length]] = {
    "working_days": WorkingDays,
    "calendar_days": CalendarDays,
    "months": Months,
}
OPEN = "open"


def load_time_limits(data: Path) -> TimeLimits:
    """Give all limits. Raises ``CatalogueError`` naming file, field and what is wrong."""
    path = data / "time_limits.yml"
    content = read_mapping(path)
    found = content.get("limits")
    if not isinstance(found, dict) or not found:
        raise _wrong(path, "limits", "应为各类时限")
    limits = {kind: _limit(path, kind, item) for kind, item in found.items()}
    default, kinds = content.get("default"), content.get("reasons") or {}
    if default not in limits:
        raise _wrong(path, "default", "应为 limits 里的一类")
    for reason, kind in kinds.items():
        if kind not in limits:
            raise _wrong(path, f"reasons.{reason}", f"limits 里没有“{kind}”")
    return TimeLimits(limits, dict(kinds), str(default), _silence(path, content.get("answered_closes")))


def _silence(path: Path, item: Any) -> Length | None:
    """Give after how long without a word an answered handoff is closed."""
    if item is None:
        return None
    where = "answered_closes"
    if not isinstance(item, dict) or not str(item.get("basis") or "").strip():
        raise _wrong(path, where, "应写 days、unit、basis")
    return _length(path, where, item)


def _limit(path: Path, kind: str, item: Any) -> TimeLimit:
    where = f"limits.{kind}"
    if not isinstance(item, dict):
        raise _wrong(path, where, "应写 name、starts、days、unit、basis")
    for field in ("name", "starts", "basis"):
        if not isinstance(item.get(field), str) or not item[field].strip():
            raise _wrong(path, f"{where}.{field}", "不能为空")
    grounds = item.get("grounds") or []
    if not isinstance(grounds, list):
        raise _wrong(path, f"{where}.grounds", "应为列表")
    return TimeLimit(
        kind=kind,
        name=item["name"],
        starts=item["starts"],
        length=_length(path, where, item),
        basis=item["basis"],
        extension=_extension(path, where, item.get("extension", 0)),
        grounds=tuple(str(ground) for ground in grounds),
        warn=_count(path, f"{where}.warn", item.get("warn", 1)),
        adopted=item.get("status") == "adopted",
        note=str(item.get("note") or ""),
    )


def _length(path: Path, where: str, item: dict[str, Any]) -> Length | None:
    unit = UNITS.get(str(item.get("unit")))
    if unit is None:
        raise _wrong(path, f"{where}.unit", f"应为 {'、'.join(UNITS)} 之一")
    days = item.get("days")
    return None if days is None else unit(_count(path, f"{where}.days", days, least=1))


def _extension(path: Path, where: str, value: Any) -> int | None:
    return None if value == OPEN else _count(path, f"{where}.extension", value)


def _count(path: Path, field: str, value: Any, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise _wrong(path, field, f"应为不小于 {least} 的整数")
    return value


def _wrong(path: Path, field: str, told: str) -> CatalogueError:
    return CatalogueError(f"{path}: {field}", f"时限文件 {path} 的 {field} 有误:{told}。")
