"""The tables of the yearly form as grids, laid out as the official form is: page and files show the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.desk.annual import RESULTS, ROWS, TOTAL
from bot.desk.applications import APPLICANTS
from bot.reports.annual import Annual, Form
from bot.reports.tables import Value

COLUMNS = (*APPLICANTS, TOTAL)
LEVELS = 3  # of headings before the rows of table three
CLAUSE_COLUMNS = 4


@dataclass(frozen=True)
class Cell:
    """A cell, or several joined to one; ``heading`` tells headings from figures. ``None`` is not supplied."""

    row: int
    column: int
    value: Value
    rows: int = 1
    columns: int = 1
    heading: bool = True


Grid = tuple[Cell, ...]


def grids(annual: Annual, form: Form) -> dict[str, Grid]:
    """Give the three tables by the names of their parts."""
    return {
        "proactive": tuple(_proactive(annual, form)),
        "applications": tuple(_applications(annual, form)),
        "disputes": tuple(_disputes(annual, form)),
    }


def lines_of(grid: Grid) -> list[list[Cell]]:
    """Give the cells line by line, each where it begins."""
    ordered = sorted(grid, key=lambda cell: (cell.row, cell.column))
    return [list(line) for _, line in groupby(ordered, key=lambda cell: cell.row)]


def size_of(grid: Grid) -> tuple[int, int]:
    """Give the number of rows and columns."""
    return max(c.row + c.rows for c in grid), max(c.column + c.columns for c in grid)


def heading_rows(grid: Grid) -> int:
    """Give how many rows at the top hold headings only."""
    return min(cell.row for cell in grid if not cell.heading)


def _proactive(annual: Annual, form: Form) -> Iterator[Cell]:
    """Each clause has its own headings; one column of figures takes the width of three."""
    at = 0
    for part in form["proactive"]:
        yield Cell(at, 0, part["clause"], columns=CLAUSE_COLUMNS)
        yield Cell(at + 1, 0, form["words"]["item"])
        wide = (CLAUSE_COLUMNS - 1) // len(part["columns"])
        for place, heading in enumerate(part["columns"].values()):
            yield Cell(at + 1, 1 + place * wide, heading, columns=wide)
        for line, (row, name) in enumerate(part["rows"].items(), at + 2):
            yield Cell(line, 0, name)
            for place, column in enumerate(part["columns"]):
                value = _number(annual.proactive[f"{row}.{column}"])
                yield Cell(line, 1 + place * wide, value, columns=wide, heading=False)
        at += 2 + len(part["rows"])


def _number(text: str | None) -> Value:
    if text is None:
        return None
    return float(text) if "." in text else int(text)


def _applications(annual: Annual, form: Form) -> Iterator[Cell]:
    names = form["applicants"]
    yield Cell(0, 0, form["words"]["balance"], rows=3, columns=LEVELS)
    yield Cell(0, LEVELS, form["words"]["applicants"], columns=len(COLUMNS))
    yield Cell(1, LEVELS, names["person"], rows=2)
    yield Cell(1, LEVELS + 1, form["organisations"], columns=len(COLUMNS) - 2)
    yield Cell(1, LEVELS + len(COLUMNS) - 1, names[TOTAL], rows=2)
    for place, name in enumerate(COLUMNS[1:-1], LEVELS + 1):
        yield Cell(2, place, names[name])
    for line, row in enumerate(ROWS, 3):
        yield from _row_headings(form, row, line)
        for place, column in enumerate(COLUMNS, LEVELS):
            yield Cell(line, place, annual.applications[row][column], heading=False)


def _row_headings(form: Form, row: str, line: int) -> Iterator[Cell]:
    """Head a row: by the groups that begin with it, and by its own name over the width that is left."""
    mine = [group for group in form["groups"] if row in group["rows"]]
    for level, group in enumerate(mine):
        if group["rows"][0] == row:
            yield Cell(line, level, group["name"], rows=len(group["rows"]))
    yield Cell(line, len(mine), form["applications"][row], columns=LEVELS - len(mine))


def _disputes(annual: Annual, form: Form) -> Iterator[Cell]:
    """Reconsideration is one group of columns, litigation two under a heading of their own."""
    groups, results = form["disputes"]["groups"], form["disputes"]["columns"]
    wide, litigation = len(results), form["disputes"]["litigation"]
    under = [name for name in groups if name in litigation["groups"]]
    yield Cell(0, wide * (len(groups) - len(under)), litigation["name"], columns=wide * len(under))
    for number, (group, name) in enumerate(groups.items()):
        top = 1 if group in under else 0
        yield Cell(top, number * wide, name, rows=2 - top, columns=wide)
        for place, result in enumerate((*RESULTS, TOTAL), number * wide):
            yield Cell(2, place, results[result])
            yield Cell(3, place, annual.disputes[group][result], heading=False)
