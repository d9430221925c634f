"""Proves the figures: counts everything again, row by row, and tells every difference and its cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from sqlalchemy.engine import Connection

from bot.desk.statistics import Definition, Figures, Key, Scope
from bot.desk.working_days import Calendar
from bot.reports.recount import Recount
from bot.reports.recount_form import recounted_cells
from bot.reports.statistics import sums
from bot.storage import counted_rows, form_figures, register
from bot.storage.counting import count
from bot.storage.moments import NOW
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
    """Count every statistic by SQL and again in Python; give a finding for each.

    The second count takes cases and handoffs from what was written down of each step, not from their rows.
    """
    again = {name: Recount(definition, scope) for name, definition in definitions.items()}
    for population in {d.of for d in definitions.values()}:
        wanted = [again[name] for name, d in definitions.items() if d.of == population]
        for row in counted_rows.rows_as_of(connection, population, scope, NOW):
            for recount in wanted:
                recount.add(row)
    for name, definition in definitions.items():
        figures = count(connection, definition, scope)
        different = tuple(differences(definition, figures, again[name].figures()))
        unsummed = sums(definition, figures)
        verdict = Verdict.WRONG if different else Verdict.UNSUMMED if unsummed else Verdict.PROVEN
        yield Finding(name, verdict, different)


def check_published(connection: Connection, told: Published, calendar: Calendar) -> Finding:
    """Rebuild figures that were published, from the rows as they were then, and compare with those of now.

    ``calendar`` is the one that is known now; with the figures stands the one of then.
    """
    name = f"{told.id} {told.statistic}"
    if not told.intact:
        return Finding(name, Verdict.CHANGED)
    population, scope = told.definition.of, told.scope
    rows = counted_rows.rows_as_of(connection, population, scope, told.moment)
    then = _recounted(told.definition, scope, rows)
    wrong = tuple(differences(told.definition, told.figures, then))
    if wrong:
        return Finding(name, Verdict.WRONG, wrong)
    today = replace(scope, calendar=calendar)
    now = _recounted(told.definition, today, counted_rows.rows_as_of(connection, population, today, NOW))
    later = tuple(differences(told.definition, told.figures, now))
    if not later:
        return Finding(name, Verdict.PROVEN)
    changes = counted_rows.changes_after(connection, population, scope, told.moment)
    return Finding(name, Verdict.CORRECTED, later, changes)


def check_form(connection: Connection, year: int) -> Finding:
    """Rebuild the yearly form that was published, from the events as they were then and as they are now."""
    cells = form_figures.published(connection, year) or {}
    moment = form_figures.published_at(connection, year)
    then = recounted_cells(register.cases_as_of(connection, moment), year, cells)
    wrong = tuple(_cells_differ(cells, then))
    if wrong:
        return Finding(str(year), Verdict.WRONG, wrong)
    now = recounted_cells(register.cases_as_of(connection, NOW), year, cells)
    later = tuple(_cells_differ(cells, now))
    scope = Scope(date(1, 1, 1), date(year, 12, 31), date(year, 12, 31))
    changes = register.events_after(connection, scope, moment) if later else 0
    return Finding(str(year), Verdict.CORRECTED if later else Verdict.PROVEN, later, changes)


def _cells_differ(first: Mapping[str, int], second: Mapping[str, int]) -> Iterator[Difference]:
    for cell, value in first.items():
        if value != second[cell]:
            yield Difference((cell,), "", value, second[cell])


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
