"""The tables of the yearly disclosure report (form of 2021), from the cases, and what must hold in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.desk.applications import APPLICANTS, OUTCOMES
from bot.desk.register import DISPUTE_CATEGORIES, Case, CaseKind

TOTAL = "total"
ROWS = ("R1", "R2", *OUTCOMES, "R3.7", "R4")
RESULTS = ("upheld", "corrected", "other", "pending")
Table = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Fault:
    """An identity of the form that does not hold: in which row and column, and the two sides."""

    identity: str
    column: str
    left: int
    right: int


def applications_table(cases: Iterable[Case], year: int) -> Table:
    """Give table three of a year: 25 rows by 7 columns. A case counts in one row of outcomes only."""
    table: Table = {row: dict.fromkeys((*APPLICANTS, TOTAL), 0) for row in ROWS}
    for case in cases:
        if case.kind is CaseKind.APPLICATION and not case.void:
            for row in _rows_of(case, year):
                table[row][case.applicant or "other"] += 1
                table[row][TOTAL] += 1
    return table


def _rows_of(case: Case, year: int) -> Iterator[str]:
    finished = case.finished_on
    if case.received_on.year > year or (finished is not None and finished.year < year):
        return
    yield "R1" if case.received_on.year == year else "R2"
    if finished is None or finished.year > year:
        yield "R4"
    else:
        yield str(case.outcome)
        yield "R3.7"


def disputes_table(cases: Iterable[Case], year: int) -> Table:
    """Give table four of a year: what was decided in it, and what was pending at its end."""
    table: Table = {group: dict.fromkeys((*RESULTS, TOTAL), 0) for group in sorted(DISPUTE_CATEGORIES)}
    for case in cases:
        result = _result_of(case, year)
        if result and case.kind is CaseKind.DISPUTE and not case.void:
            table[case.category or ""][result] += 1
            table[case.category or ""][TOTAL] += 1
    return table


def _result_of(case: Case, year: int) -> str | None:
    finished: date | None = case.finished_on
    if case.received_on.year > year or (finished is not None and finished.year < year):
        return None
    return "pending" if finished is None or finished.year > year else case.outcome


def faults(table: Mapping[str, Mapping[str, int]]) -> list[Fault]:
    """Give the identities of table three that do not hold, column by column."""
    found = []
    for column in (*APPLICANTS, TOTAL):
        cell = {row: table[row][column] for row in ROWS}
        found += _unequal("balance", column, cell["R1"] + cell["R2"], cell["R3.7"] + cell["R4"])
        found += _unequal("outcomes", column, cell["R3.7"], sum(cell[row] for row in OUTCOMES))
    for row in ROWS:
        found += _unequal("columns", row, table[row][TOTAL], sum(table[row][a] for a in APPLICANTS))
    return found


def dispute_faults(table: Mapping[str, Mapping[str, int]]) -> list[Fault]:
    """Give the groups of table four whose total is not the sum of its results."""
    return [
        fault
        for group, cells in table.items()
        for fault in _unequal("disputes", group, cells[TOTAL], sum(cells[r] for r in RESULTS))
    ]


def carried_faults(before: Mapping[str, int], table: Mapping[str, Mapping[str, int]]) -> list[Fault]:
    """Give where what was carried over differs from what last year's report left."""
    return [
        fault
        for column, left in before.items()
        for fault in _unequal("carried", column, table["R2"][column], left)
    ]


def _unequal(identity: str, column: str, left: int, right: int) -> list[Fault]:
    return [Fault(identity, column, left, right)] if left != right else []
