"""Tables and the files they are written to: CSV that Excel opens, XLSX with typed cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value = str | int | float | date | datetime | None
WIDEST = 48
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: its name for machines, its heading for people, and how a workbook shows its numbers."""

    name: str
    heading: str
    format: str | None = None


@dataclass(frozen=True)
class Table:
    """A title, headings, lines that come one at a time, and a picture (PNG) beside them if there is one."""

    title: str
    columns: tuple[Column, ...]
    lines: Iterator[tuple[Value, ...]]
    picture: bytes | None = None


def write_csv(path: Path, table: Table) -> int:
    """Write one table as UTF-8 with a byte order mark. Gives the number of lines without the heading.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([c.heading for c in table.columns])
        for line in table.lines:
            writer.writerow([_safe(plain(value)) for value in line])
            count += 1
    return count


def write_xlsx(path: Path, tables: Iterable[Table]) -> int:
    """Write one sheet a table, in flat memory. Gives the number of lines without the headings."""
    book = Workbook(write_only=True)
    count = 0
    for table in tables:
        sheet = book.create_sheet(table.title)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(table.columns, 1):
            width = min(WIDEST, max(12, 2 * len(column.heading) + 4))
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_heading(sheet, c.heading) for c in table.columns])
        forms = [column.format for column in table.columns]
        for line in table.lines:
            sheet.append([_cell(sheet, value, form) for value, form in zip(line, forms, strict=True)])
            count += 1
        if table.picture:
            sheet.add_image(Image(io.BytesIO(table.picture)), f"{get_column_letter(len(table.columns) + 2)}2")
    book.save(path)
    return count


def plain(value: Value) -> str | int | float:
    """Give a value as it is written where there are no types; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else value


def _safe(value: str | int | float) -> str | int | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any, form: str | None) -> Any:
    # A cell of its own costs most of an export; what would be taken for a formula needs one.
    formula = isinstance(value, str) and value.startswith("=")
    if not (formula or form):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    if formula:
        cell.data_type = "s"
    if form and not isinstance(value, str):
        cell.number_format = form
    return cell
