"""Word documents with Chinese type: headings, paragraphs, tables and pictures."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.reports.tables import Value, plain

BODY, HEADING = "仿宋", "黑体"
SMALL = Pt(9)


def new_document(title: str, landscape: bool = False) -> Any:
    """Give an empty document on A4 with its title."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    if landscape:
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin = page.right_margin = Cm(2.2)
    for name, family, size in (("Normal", BODY, 12), ("Heading 1", HEADING, 15), ("Heading 2", HEADING, 13)):
        _set_type(document.styles[name], family, size)
    document.core_properties.title = title
    document.core_properties.author = ""
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(18)
    _east_asian(run, HEADING)
    return document


def add_table(document: Any, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Any:
    """Add a table whose first line is repeated on every page. Numbers stand to the right."""
    table = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    _fill(table.rows[0], headings, bold=True)
    repeat = table.rows[0]._tr.get_or_add_trPr()
    repeat.append(repeat.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for row in rows:
        _fill(table.add_row(), row)
    document.add_paragraph()
    return table


def add_picture(document: Any, picture: bytes, told: str) -> None:
    """Add a picture over the width of the page, with what it shows for who cannot see it."""
    shape = document.add_picture(io.BytesIO(picture), width=Cm(16))
    shape._inline.docPr.set("descr", told)


def joined(table: Any, row: int, column: int, rows: int, columns: int) -> None:
    """Join cells to one, known by its first."""
    table.cell(row, column).merge(table.cell(row + rows - 1, column + columns - 1))


def write_cell(table: Any, row: int, column: int, value: Value, bold: bool = False) -> None:
    """Write a value into one cell."""
    _write(table.cell(row, column), value, bold)


def _fill(row: Any, values: Sequence[Value], bold: bool = False) -> None:
    for cell, value in zip(row.cells, values, strict=True):
        _write(cell, value, bold)


def _write(cell: Any, value: Value, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.text = ""
    run = paragraph.add_run(str(plain(value)))
    run.font.size, run.bold = SMALL, bold
    _east_asian(run, BODY)
    if isinstance(value, (int, float)):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_type(style: Any, family: str, size: int) -> None:
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)


def _east_asian(run: Any, family: str) -> None:
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)
