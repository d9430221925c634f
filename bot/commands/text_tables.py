"""Tables for a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bot.reports.tables import Table, Value, plain

GAP = 2


def text_table(table: Table) -> Iterator[str]:
    """Give the lines of a table, text to the left and numbers to the right."""
    rows: list[tuple[Value, ...]] = [tuple(c.heading for c in table.columns), *table.lines]
    texts = [[str(plain(value)) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*texts, strict=True)]
    for row, shown in zip(rows, texts, strict=True):
        cells = zip(row, shown, widths, strict=True)
        yield (" " * GAP).join(_padded(value, text, room) for value, text, room in cells).rstrip()


def width(text: str) -> int:
    """Give how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(value: Value, text: str, room: int) -> str:
    space = " " * (room - width(text))
    return space + text if isinstance(value, (int, float)) else text + space
