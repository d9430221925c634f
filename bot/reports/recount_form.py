"""Counts the tables of the yearly form a second time, from the events of each case as they were then.

Shares nothing with ``bot/desk/annual.py`` but the names of the cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def recounted_cells(rows: Iterable[Mapping[str, Any]], year: int, cells: Iterable[str]) -> dict[str, int]:
    """Give the value of each of these cells (``R3.1:person``, ``D.reconsideration:pending``)."""
    counted: Counter[str] = Counter()
    for row in rows:
        if not row["void"]:
            for name in _names(row, str(year)):
                counted[name] += 1
    return {cell: counted[cell] for cell in cells}


def _names(row: Mapping[str, Any], year: str) -> list[str]:
    came = row["received_on"].isoformat()[:4]
    went = row["finished_on"].isoformat()[:4] if row["finished_on"] else "9999"
    if came > year or went < year:
        return []
    if row["kind"] == "dispute":
        result = row["outcome"] if went == year else "pending"
        return [f"D.{row['category']}:{result}", f"D.{row['category']}:total"]
    if row["kind"] != "application":
        return []
    lines = ["R1"] if came == year else ["R2"]
    lines += [row["outcome"], "R3.7"] if went == year else ["R4"]
    return [f"{line}:{column}" for line in lines for column in (row["applicant"] or "other", "total")]
