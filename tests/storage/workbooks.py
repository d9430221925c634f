"""Opens and edits exported workbooks for the tests, as a member of staff would."""

from __future__ import annotations

import openpyxl

from bot.storage.catalogue_files import load_catalogue
from bot.storage.catalogue_xlsx import export_catalogue, import_catalogue


def exported(folder):
    """Export the folder's catalogue and open the workbook for editing."""
    path = folder.path.parent / "catalogue.xlsx"
    export_catalogue(load_catalogue(folder.path).catalogue, path)
    return path, openpyxl.load_workbook(path)


def cell(book, sheet, heading, row):
    """Give a cell by the heading of its column and its row; rows are found by their first text below."""
    page = book[sheet]
    column = next(c.column for c in page[1] if c.value == heading)
    return page.cell(row, column)


def row_of(book, sheet, entry_id, nth=0):
    return [r[0].row for r in book[sheet].iter_rows() if r[0].value == entry_id][nth]


def imported(folder, path, book, **options):
    book.save(path)
    return import_catalogue(path, folder.path, **options)


def contents(folder):
    return {p: p.read_bytes() for p in folder.path.rglob("*") if p.is_file()}
