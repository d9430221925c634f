"""Proves the figures: counts everything again, row by row, and tells every difference and its cause."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy.engine import Connection

from bot.desk.statistics import Definition, Figures, Key, Scope
from bot.reports.recount import Recount
from bot.reports.recount_form import recounted_cells
from bot.reports.statistics import sums
from bot.storage import corrections, counted_rows, form_figures, register
from bot.storage.counting import count
from bot.storage.published import Published


class Verdict(str, Enum):
    """What came of checking one table."""

    PROVEN = "proven"
    CORRECTED = "corrected"
    WRONG = "wrong"
    CHANGED = "changed"
    UNSUMMED = "unsummed"


@dataclass(frozen=True)
class Difference:
    """One figure that differs: what was told or counted first, and what the second count gives."""

    key: Key | None
    column: str
    first: int | None
    second: int | None


@dataclass(frozen=True)
class Finding:
    """What came of one table; ``corrections`` counts the changes made since it was published."""

    name: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    corrections: int = 0


BAD = frozenset({Verdict.WRONG, Verdict.CHANGED, Verdict.UNSUMMED})


def check_now(
    connection: Connection, definitions: Mapping[str, Definition], scope: Scope
) -> Iterator[Finding]:
    """Count every statistic by SQL and again in Python over the same rows; give a finding for each."""
    again = {name: Recount(definition, scope) for name, definition in definitions.items()}
    for population in {d.of for d in definitions.values()}:
        wanted = [again[name] for name, d in definitions.items() if d.of == population]
        for row in counted_rows.rows(connection, population, scope):
            for recount in wanted:
                recount.add(row)
    for name, definition in definitions.items():
        figures = count(connection, definition, scope)
        different = tuple(differences(definition, figures, again[name].figures()))
        unsummed = sums(definition, figures)
        verdict = Verdict.WRONG if different else Verdict.UNSUMMED if unsummed else Verdict.PROVEN
        yield Finding(name, verdict, different)


def check_published(connection: Connection, told: Published) -> Finding:
    """Rebuild figures that were published, from the rows as they were then, and compare with those of now."""
    name = f"{told.id} {told.statistic}"
    if not told.intact:
        return Finding(name, Verdict.CHANGED)
    then = _recounted(told.definition, told.scope, _rows_then(connection, told))
    wrong = tuple(differences(told.definition, told.figures, then))
    if wrong:
        return Finding(name, Verdict.WRONG, wrong)
    now = _recounted(
        told.definition, told.scope, counted_rows.rows(connection, told.definition.of, told.scope)
    )
    later = tuple(differences(told.definition, told.figures, now))
    if not later:
        return Finding(name, Verdict.PROVEN)
    return Finding(name, Verdict.CORRECTED, later, _changes(connection, told))


def check_form(connection: Connection, year: int) -> Finding:
    """Rebuild the yearly form that was published, from the events as they were then and as they are now."""
    cells = form_figures.published(connection, year) or {}
    at = form_figures.published_at(connection, year) or 0.0
    then = recounted_cells(register.cases_as_of(connection, at), year, cells)
    wrong = tuple(_cells_differ(cells, then))
    if wrong:
        return Finding(str(year), Verdict.WRONG, wrong)
    now = recounted_cells(register.cases_as_of(connection, math.inf), year, cells)
    later = tuple(_cells_differ(cells, now))
    scope = Scope(date(1, 1, 1), date(year, 12, 31), date(year, 12, 31))
    changes = register.events_after(connection, scope, at) if later else 0
    return Finding(str(year), Verdict.CORRECTED if later else Verdict.PROVEN, later, changes)


def _cells_differ(first: Mapping[str, int], second: Mapping[str, int]) -> Iterator[Difference]:
    for cell, value in first.items():
        if value != second[cell]:
            yield Difference((cell,), "", value, second[cell])


def _rows_then(connection: Connection, told: Published) -> Iterable[dict[str, object]]:
    if told.definition.of == "enquiries":
        return counted_rows.enquiries_as_of(connection, told.scope, told.at)
    return register.cases_as_of(connection, told.at)


def _changes(connection: Connection, told: Published) -> int:
    if told.definition.of == "enquiries":
        return sum(1 for _ in corrections.after(connection, told.scope.first, told.scope.last, told.at))
    return register.events_after(connection, told.scope, told.at)


def _recounted(definition: Definition, scope: Scope, rows: Iterable[Mapping[str, object]]) -> Figures:
    recount = Recount(definition, scope)
    for row in rows:
        recount.add(row)
    return recount.figures()


def differences(definition: Definition, first: Figures, second: Figures) -> Iterator[Difference]:
    """Give every figure in which two counts of a statistic differ."""
    nothing = (None,) * len(definition.measures)
    for key in {**first.lines, **second.lines}:
        yield from _of_line(definition, key, first.lines.get(key, nothing), second.lines.get(key, nothing))
    yield from _of_line(definition, None, first.total, second.total)


def _of_line(
    definition: Definition, key: Key | None, first: tuple[int | None, ...], second: tuple[int | None, ...]
) -> Iterator[Difference]:
    for measure, one, other in zip(definition.measures, first, second, strict=True):
        if one != other:
            yield Difference(key, measure.heading, one, other)
