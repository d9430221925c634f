"""Writes the workbook of the catalogue: typed cells, drop-down lists, and a sheet that explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bot.desk.errors import CatalogueError
from bot.storage.problems import shown
from bot.storage.workbook_cells import Choices
from bot.storage.workbook_codes import CodeList, code_lists, help_lines, list_range
from bot.storage.workbook_layout import Column, Layout, Sheet

_LONGEST = 32_767
"""The most UTF-16 units that a cell can hold (Excel's specifications and limits)."""
_MORE_ROWS = 2_000
"""So many empty rows below the last one have drop-down lists as well."""
_HEADER = PatternFill("solid", start_color="DDE7F3")
_REQUIRED = PatternFill("solid", start_color="FCE4D6")
_BOLD = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_DATE = "yyyy-mm-dd"

Content = Sequence[Any]
"""The cells of a row: texts, dates, and ``None`` for an empty one."""


def write_workbook(
    to: IO[bytes],
    layout: Layout,
    choices: Choices,
    sources: Mapping[str, str],
    rows: Mapping[str, Sequence[Content]],
) -> None:
    """Write the workbook; ``rows`` by what their sheets go ``into``, ``sources`` titles by id.

    Raises ``CatalogueError`` when a text does not fit into a cell.
    """
    for sheet in layout.sheets:
        for row in rows[sheet.into]:
            _check_lengths(sheet, row)
    book = Workbook(write_only=True)
    lists = code_lists(layout, choices, sources)
    _write_help(book, layout, choices)
    for sheet in layout.sheets:
        _write_sheet(book, layout, sheet, lists, rows[sheet.into])
    _write_codes(book, layout, lists)
    book.save(to)


def _write_sheet(
    book: Workbook, layout: Layout, sheet: Sheet, lists: list[CodeList], rows: Sequence[Content]
) -> None:
    page: Any = book.create_sheet(sheet.name)
    main = sheet.into == ""
    page.freeze_panes = "C2" if main else "B2"
    for number, column in enumerate(sheet.columns, 1):
        dimension = page.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.number_format = _DATE if column.takes == "date" else "@"
        rule = _rule(column, layout, lists)
        if rule is not None:
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{len(rows) + 1 + _MORE_ROWS}")
            page.data_validations.append(rule)
    headings = [_heading(page, column.name, column.required) for column in sheet.columns]
    if main:
        page.column_dimensions[get_column_letter(len(headings) + 1)].hidden = True
        headings.append(_heading(page, layout.version_column, False))
    page.append(headings)
    for row in rows:
        page.append([_cell(page, value) for value in row])
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(rows) + 1}"


def _rule(column: Column, layout: Layout, lists: list[CodeList]) -> DataValidation | None:
    if column.takes == "date":
        rule = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
        rule.error = f"「{column.name}」请填日期，如 2024-01-31"
    elif column.takes in ("choice", "yes_no", "ref"):
        where = list_range(layout, lists, column.of or column.takes)
        rule = DataValidation(type="list", formula1=where, allow_blank=True)
        rule.error = f"「{column.name}」请从下拉列表里选"
    else:
        return None
    rule.errorTitle = "填写有误"
    rule.showErrorMessage = True
    return rule


def _write_codes(book: Workbook, layout: Layout, lists: list[CodeList]) -> None:
    page: Any = book.create_sheet(layout.codes_sheet)
    page.freeze_panes = "A2"
    for number in range(1, len(lists) + 1):
        page.column_dimensions[get_column_letter(number)].width = 24
    page.append([_heading(page, found.heading, False) for found in lists])
    for row in range(max(len(found.items) for found in lists)):
        cells = [found.items[row] if row < len(found.items) else None for found in lists]
        page.append([None if text is None else _text_cell(page, text) for text in cells])


def _write_help(book: Workbook, layout: Layout, choices: Choices) -> None:
    page: Any = book.create_sheet(layout.help_sheet)
    for letter, width in {"A": 12, "B": 14, "C": 8, "D": 20, "E": 60, "F": 40}.items():
        page.column_dimensions[letter].width = width
    for line in help_lines(layout, choices):
        alone = len(line) == 1
        page.append([_help_cell(page, text, bold, not alone) for text, bold in line])


def _help_cell(page: Any, text: str, bold: bool, wrap: bool) -> Any:
    cell = _text_cell(page, shown(text))
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    if bold:
        cell.font = _BOLD
    return cell


def _heading(page: Any, text: str, required: bool) -> Any:
    cell = _text_cell(page, text)
    cell.font, cell.fill = _BOLD, _REQUIRED if required else _HEADER
    return cell


def _check_lengths(sheet: Sheet, row: Content) -> None:
    for number, value in enumerate(row):
        if isinstance(value, str) and len(value.encode("utf-16-le")) // 2 > _LONGEST:
            name = sheet.columns[number].name
            told = f"工作表「{sheet.name}」的「{name}」有一项太长,一个单元格放不下:{value[:20]}……"
            raise CatalogueError(f"a text of {len(value)} characters does not fit into a cell", shown(told))


def _cell(page: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, date):
        cell = WriteOnlyCell(page, datetime(value.year, value.month, value.day))
        cell.number_format = _DATE
        cell.alignment = _TOP
        return cell
    return _text_cell(page, value)


def _text_cell(page: Any, text: str) -> Any:
    """Give a cell that is text whatever it begins with: no formula, no error value, also when edited."""
    cell: Any = WriteOnlyCell(page, text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@", "'")
    cell.alignment = _TOP
    return cell
