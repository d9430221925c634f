"""Writes the yearly report in the official form: as a Word document and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from bot.reports.annual import Annual, Form
from bot.reports.annual_grids import Cell, Grid, grids, heading_rows, size_of
from bot.reports.documents import joined, new_document, write_cell

LINE = Side(style="thin", color="FF999999")
WIDTHS = {"proactive": (24, 18), "applications": (20, 16, 34, 11), "disputes": (11,)}
TEXT_WIDTH = 100


def write_docx(path: Path, annual: Annual, form: Form) -> None:
    """Write the report as a document. What is missing is said in its place. Raises ``OSError``."""
    parts, words = form["parts"], form["words"]
    document = new_document(annual.title, landscape=True)
    document.add_heading(parts["overview"], 1)
    document.add_paragraph(annual.overview)
    for name, grid in grids(annual, form).items():
        document.add_heading(parts[name], 1)
        _table(document, grid, words["not_supplied"])
        if name == "proactive":
            document.add_paragraph(form["always_zero_note"])
    for name in ("problems", "other"):
        document.add_heading(parts[name], 1)
        missing = words["missing"].format(what=parts[name])
        for paragraph in (annual.texts[name] or missing).splitlines():
            document.add_paragraph(paragraph)
    document.save(str(path))


def _table(document: Any, grid: Grid, missing: str) -> None:
    rows, columns = size_of(grid)
    table = document.add_table(rows=rows, cols=columns, style="Table Grid")
    for cell in grid:
        if cell.rows > 1 or cell.columns > 1:
            joined(table, cell.row, cell.column, cell.rows, cell.columns)
        value = missing if cell.value is None else cell.value
        write_cell(table, cell.row, cell.column, value, bold=cell.heading)
    document.add_paragraph()


def write_workbook(path: Path, annual: Annual, form: Form) -> None:
    """Write the report as a workbook: the texts, a sheet a table, what does not hold. Raises ``OSError``."""
    words, parts = form["words"], form["parts"]
    book = Workbook()
    book.remove(book.worksheets[0])
    texts = [annual.title, parts["overview"], annual.overview]
    for name in ("problems", "other"):
        texts += [parts[name], annual.texts[name] or words["missing"].format(what=parts[name])]
    _lines(book, words["sheets"]["overview"], texts)
    for name, grid in grids(annual, form).items():
        _sheet(book, words["sheets"][name], grid, WIDTHS[name], words["not_supplied"])
    checks = annual.problems or (words["in_order"],)
    _lines(book, words["sheets"]["checks"], [words["checks"], *checks])
    book.save(path)


def _lines(book: Workbook, title: str, texts: Sequence[str]) -> None:
    sheet = book.create_sheet(title)
    sheet.column_dimensions["A"].width = TEXT_WIDTH
    sheet.freeze_panes = "A2"
    for number, text in enumerate(texts, 1):
        written = sheet.cell(number, 1, text)
        written.data_type = "s"  # a text that somebody typed is never a formula
        written.alignment = Alignment(wrap_text=True, vertical="top")
        written.font = Font(bold=number == 1)


def _sheet(book: Workbook, title: str, grid: Grid, widths: tuple[int, ...], missing: str) -> None:
    sheet = book.create_sheet(title)
    for column in range(size_of(grid)[1]):
        letter = get_column_letter(column + 1)
        sheet.column_dimensions[letter].width = widths[min(column, len(widths) - 1)]
    figures = min(cell.column for cell in grid if not cell.heading)
    sheet.freeze_panes = sheet.cell(heading_rows(grid) + 1, figures + 1)
    for cell in grid:
        _write(sheet, cell, missing)


def _write(sheet: Any, cell: Cell, missing: str) -> None:
    row, column = cell.row + 1, cell.column + 1
    written = sheet.cell(row, column, missing if cell.value is None else cell.value)
    written.font = Font(bold=cell.heading)
    across = "left" if cell.heading and cell.columns == 1 else "center"
    written.alignment = Alignment(wrap_text=True, vertical="center", horizontal=across)
    last = {"end_row": row + cell.rows - 1, "end_column": column + cell.columns - 1}
    for line in sheet.iter_rows(row, last["end_row"], column, last["end_column"]):
        for one in line:
            one.border = Border(LINE, LINE, LINE, LINE)
    if cell.rows > 1 or cell.columns > 1:
        sheet.merge_cells(start_row=row, start_column=column, **last)
