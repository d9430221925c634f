"""Reads the sheets of a workbook into rows of values, and names every cell that cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from bot.storage.problems import shortened, shown
from bot.storage.workbook_cells import CellFault, Choices, RawCell, cell_value
from bot.storage.workbook_layout import Column, Layout, Sheet
from bot.storage.workbook_open import Page

_VERSION = Column("", "version", "line", 0, "")


@dataclass(frozen=True)
class SheetError:
    """What is wrong in a workbook; without a cell the sheet is meant, without a sheet the file."""

    message: str
    fix: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        sheet = f"工作表「{self.sheet}」" if self.sheet else "文件"
        cell = f"单元格 {self.cell}" if self.cell else ""
        return shown(f"{sheet}{cell}：{self.message}，{self.fix}。")


@dataclass
class ReadRow:
    """The values of a row by the keys of its columns; ``cells`` has the address of every column."""

    sheet: Sheet
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class ReadBook:
    """The rows of a workbook by what their sheets go ``into``, and everything that is wrong so far."""

    rows: dict[str, list[ReadRow]] = field(default_factory=dict)
    errors: list[SheetError] = field(default_factory=list)


def read_pages(pages: dict[str, Page], layout: Layout, choices: Choices) -> ReadBook:
    """Read the sheets of the layout; a cell that cannot be taken is an error and has no value."""
    book = ReadBook()
    for sheet in layout.sheets:
        book.rows[sheet.into] = []
        page = pages.get(sheet.name)
        if page is None:
            fix = "请不要删除或改名,没有内容时保留第一行栏目名称"
            book.errors.append(SheetError(f"缺少工作表「{sheet.name}」", fix))
        elif not page.rows or page.rows[0][0] != 1:
            book.errors.append(SheetError("第一行是空的", "请在第一行写上栏目名称", sheet.name))
        else:
            _read_sheet(page, sheet, layout, choices, book)
    return book


def _read_sheet(page: Page, sheet: Sheet, layout: Layout, choices: Choices, book: ReadBook) -> None:
    book.errors += [_merged(place, sheet) for place in page.merged]
    columns = _columns(page.rows[0][1], sheet, layout, book.errors)
    if not {column.name for column in sheet.columns} <= {c.name for c in columns.values()}:
        return
    for number, cells in page.rows[1:]:
        row = ReadRow(sheet)
        for index, column in columns.items():
            place = f"{get_column_letter(index + 1)}{number}"
            row.cells[column.key] = place
            _take(row, column, cells[index] if index < len(cells) else RawCell(None), choices, book.errors)
        book.errors += _beside(cells, columns, sheet, number)
        book.rows[sheet.into].append(row)


def _take(row: ReadRow, column: Column, cell: RawCell, choices: Choices, errors: list[SheetError]) -> None:
    place = row.cells[column.key]
    try:
        value = cell_value(column, cell, choices)
    except CellFault as fault:
        errors.append(SheetError(fault.message, fault.fix, row.sheet.name, place))
        return
    if value is not None and value != []:
        row.values[column.key] = value
    elif column.required:
        fix = f"请填写:{column.about}" if column.about else "请填写"
        errors.append(SheetError(f"「{column.name}」不能空着", fix, row.sheet.name, place))


def _columns(
    header: tuple[RawCell, ...], sheet: Sheet, layout: Layout, errors: list[SheetError]
) -> dict[int, Column]:
    """Give the column at each place, found by its name, and tell what is missing, unknown or double."""
    known = {column.name: column for column in sheet.columns}
    if sheet.into == "":
        known[layout.version_column] = _VERSION
    found: dict[int, Column] = {}
    for index, cell in enumerate(header):
        name = str(cell.value).strip() if cell.value is not None else ""
        place = f"{get_column_letter(index + 1)}1"
        if name in known and known[name] not in found.values():
            found[index] = known[name]
        elif name:
            what = "出现了两次" if name in known else "不认识"
            fix = f"请改为这些栏目之一,不要重复:{'、'.join(c.name for c in sheet.columns)}"
            errors.append(SheetError(f"栏目「{shortened(name)}」{what}", fix, sheet.name, place))
    for column in sheet.columns:
        if column not in found.values():
            fix = "请在第一行补上这个栏目(可以重新导出一份对照)"
            errors.append(SheetError(f"缺少栏目「{column.name}」", fix, sheet.name))
    return found


def _beside(
    cells: tuple[RawCell, ...], columns: dict[int, Column], sheet: Sheet, number: int
) -> Iterator[SheetError]:
    for index, cell in enumerate(cells):
        if index not in columns and cell.value not in (None, ""):
            place = f"{get_column_letter(index + 1)}{number}"
            fix = "请移到有名称的栏目里,或者删去"
            yield SheetError("这一列没有栏目名称,却有内容", fix, sheet.name, place)


def _merged(place: str, sheet: Sheet) -> SheetError:
    left, top, _, _ = range_boundaries(place)
    first = f"{get_column_letter(left or 1)}{top}"
    fix = "请取消合并,在每一行分别填写"
    return SheetError(f"{place} 是合并的单元格", fix, sheet.name, first)
