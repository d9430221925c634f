"""Reads the definitions of the statistics from ``data/statistics``: one file each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.desk.errors import CatalogueError
from bot.desk.statistics import Definition, How, Measure, Part, faults
from bot.desk.typography import polish
from bot.storage.problems import Issue, Problem, told
from bot.storage.schema_check import schema_check
from bot.storage.yaml_reading import lines_of, read_yaml

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBERS = ("hour", "weekday", "satisfaction", "times_transferred")
FOLDER = "statistics"


def load_statistics(data: Path) -> dict[str, Definition]:
    """Give every statistic by its id, in the order of the files.

    Raises ``CatalogueError`` that names each file and field that is wrong, in Chinese for the reader.
    """
    found: dict[str, Definition] = {}
    problems: list[Problem] = []
    for path in sorted((data / FOLDER).glob("*.yml")):
        definition = _read(path, problems)
        if definition is not None:
            found[definition.id] = definition
    problems += _sheets(found)
    if problems:
        raise CatalogueError(
            "; ".join(f"{p.path}: {p.field}" for p in problems), "\n".join(map(str, problems))
        )
    return found


def _read(path: Path, problems: list[Problem]) -> Definition | None:
    name = f"data/{FOLDER}/{path.name}"
    raw = path.read_bytes()
    reading = read_yaml(raw)
    issues = reading.issues
    if reading.value is None:
        problems += [told(issue, name, reading.line) for issue in issues]
        return None
    if not _ID.fullmatch(path.stem):
        issues.append(Issue((), "文件名不对", "请只用小写字母、数字和连字符"))
    issues += schema_check("statistic").issues(reading.value)
    definition = None if issues else _definition(path.stem, reading.value)
    if definition is not None:
        issues += [
            Issue(_way(where), why, "请按 docs/statistics.md 改正") for where, why in faults(definition)
        ]
    lines = lines_of(raw, {issue.where for issue in issues}) if issues else {}
    problems += [told(issue, name, lines.get(issue.where)) for issue in issues]
    return None if issues else definition


def _definition(name: str, content: Mapping[str, Any]) -> Definition:
    return Definition(
        id=name,
        title=polish(content["title"]),
        sheet=content["sheet"],
        counts=polish(content["counts"]),
        of=content["of"],
        measures=tuple(map(_measure, content["measures"])),
        by=tuple(content.get("by", ())),
        where=_where(content.get("where", {})),
        share=content.get("share"),
        largest_first=content.get("order") == "largest",
        does_not_sum=polish(content.get("does_not_sum", "")) or None,
        chart=content.get("chart"),
    )


def _measure(content: Mapping[str, Any]) -> Measure:
    at = content.get("at")
    return Measure(
        heading=polish(content["heading"]),
        how=How(content["how"]),
        field=content.get("field"),
        at=int(at) if at else None,
        where=_where(content.get("where", {})),
    )


def _where(content: Mapping[str, Any]) -> dict[str, tuple[Part, ...]]:
    return {name: tuple(_part(name, value) for value in values) for name, values in content.items()}


def _part(name: str, value: str | None) -> Part:
    return int(value) if value is not None and name in _NUMBERS and value.isdigit() else value


def _way(where: str) -> tuple[str | int, ...]:
    steps = re.findall(r"[a-z_]+|\d+", where)
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _sheets(found: Mapping[str, Definition]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for definition in found.values():
        other = seen.setdefault(definition.sheet, definition.id)
        if other != definition.id:
            path = f"data/{FOLDER}/{definition.id}.yml"
            problems.append(Problem(path, "sheet", f"工作表名与 {other}.yml 的相同", "请换一个,每项统计一个"))
    return problems
