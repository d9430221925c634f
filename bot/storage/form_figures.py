"""Figures of the yearly form that the registers do not hold, and the forms that were published."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage.moments import Moment
from bot.storage.report_tables import form_figures

f = form_figures.c
PUBLISHED, SEEN = "published:", "seen"


def supply(connection: Connection, year: int, cell: str, value: str, basis: str, by: str, at: float) -> None:
    """Append a figure of a year. The newest of a cell holds; the others stay readable."""
    values = {"year": year, "cell": cell, "value": value, "basis": basis, "by": by, "at": at}
    connection.execute(sa.insert(form_figures).values(**values))


def of_year(connection: Connection, year: int) -> dict[str, tuple[str, str]]:
    """Give for each cell of a year the figure that holds and its basis."""
    query = sa.select(f.cell, f.value, f.basis).where(f.year == year).order_by(f.id)
    return {row.cell: (row.value, row.basis) for row in connection.execute(query)}


def published(connection: Connection, year: int) -> dict[str, int] | None:
    """Give the cells of the form that was published for a year (``R1:person``), or ``None``."""
    found = of_year(connection, year).items()
    cells = {cell[len(PUBLISHED) :]: int(value) for cell, (value, _) in found if cell.startswith(PUBLISHED)}
    return cells or None


def publish(
    connection: Connection, year: int, cells: Mapping[str, int], title: str, by: str, moment: Moment
) -> None:
    """Store the cells of the form as published at a moment, for which the register was held."""
    for cell, value in cells.items():
        supply(connection, year, f"{PUBLISHED}{cell}", str(value), title, by, moment.at)
    supply(connection, year, SEEN, str(moment.last), title, by, moment.at)


def published_at(connection: Connection, year: int) -> Moment:
    """Give when the form of a year was last published."""
    query = sa.select(sa.func.max(f.at)).where(f.year == year, f.cell.like(f"{PUBLISHED}%"))
    seen = of_year(connection, year).get(SEEN)
    return Moment(float(connection.execute(query).scalar() or 0), int(seen[0]) if seen else None)


def published_years(connection: Connection) -> list[int]:
    """Give the years whose form was published."""
    query = sa.select(f.year).where(f.cell.like(f"{PUBLISHED}%")).distinct().order_by(f.year)
    return list(connection.execute(query).scalars())
