"""Writes the yearly report in the official form: as a Word document and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.desk.annual import RESULTS, ROWS, TOTAL
from bot.desk.applications import APPLICANTS
from bot.reports.annual import Annual, Form
from bot.reports.documents import add_table, merged, new_document, write_cell
from bot.reports.tables import Column, Table, Value, write_xlsx

COLUMNS = (*APPLICANTS, TOTAL)


def write_docx(path: Path, annual: Annual, form: Form) -> None:
    """Write the report as a document. What is missing is said in its place. Raises ``OSError``."""
    parts, words = form["parts"], form["words"]
    document = new_document(annual.title, landscape=True)
    document.add_heading(parts["overview"], 1)
    document.add_paragraph(annual.overview)
    document.add_heading(parts["proactive"], 1)
    headings = [words["clause"], words["item"], words["column"], words["value"]]
    add_table(document, headings, _proactive(annual, form))
    document.add_paragraph(form["always_zero_note"])
    document.add_heading(parts["applications"], 1)
    _applications(document, annual, form)
    document.add_heading(parts["disputes"], 1)
    _disputes(document, annual, form)
    for name in ("problems", "other"):
        document.add_heading(parts[name], 1)
        missing = words["missing"].format(what=parts[name])
        for paragraph in (annual.texts[name] or missing).splitlines():
            document.add_paragraph(paragraph)
    document.save(str(path))


def write_workbook(path: Path, annual: Annual, form: Form) -> None:
    """Write the report as a workbook: a sheet a table, and one with what does not hold."""
    write_xlsx(path, _sheets(annual, form))


def _sheets(annual: Annual, form: Form) -> Iterator[Table]:
    words = form["words"]
    sheets = words["sheets"]
    yield Table(sheets["overview"], _columns(words["row"]), iter([(annual.title,), (annual.overview,)]))
    columns = _columns(words["clause"], words["item"], words["column"], words["value"])
    yield Table(sheets["proactive"], columns, _proactive(annual, form))
    applicants = [form["applicants"][name] for name in COLUMNS]
    yield Table(sheets["applications"], _columns(words["row"], *applicants), _application_rows(annual, form))
    groups, results = form["disputes"]["groups"], form["disputes"]["columns"]
    rows: list[tuple[Value, ...]] = [
        (name, *(annual.disputes[group][r] for r in (*RESULTS, TOTAL))) for group, name in groups.items()
    ]
    yield Table(sheets["disputes"], _columns(words["row"], *results.values()), iter(rows))
    checks = annual.problems or (words["in_order"],)
    yield Table(sheets["checks"], _columns(words["checks"]), iter([(text,) for text in checks]))


def _columns(*headings: str) -> tuple[Column, ...]:
    return tuple(Column(f"c{number}", heading) for number, heading in enumerate(headings))


def _proactive(annual: Annual, form: Form) -> Iterator[tuple[Value, ...]]:
    for part in form["proactive"]:
        for row, name in part["rows"].items():
            for column, heading in part["columns"].items():
                yield part["clause"], name, heading, _number(annual.proactive[f"{row}.{column}"])


def _number(text: str | None) -> Value:
    if text is None:
        return None
    return float(text) if "." in text else int(text)


def _application_rows(annual: Annual, form: Form) -> Iterator[tuple[Value, ...]]:
    for row in ROWS:
        yield (form["applications"][row], *(annual.applications[row][column] for column in COLUMNS))


def _applications(document: Any, annual: Annual, form: Form) -> None:
    table = document.add_table(rows=2 + len(ROWS), cols=1 + len(COLUMNS), style="Table Grid")
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(1, 1))
    table.cell(0, len(COLUMNS)).merge(table.cell(1, len(COLUMNS)))
    write_cell(table, 0, 0, form["words"]["figures"], bold=True)
    write_cell(table, 0, 1, form["applicants"]["person"], bold=True)
    write_cell(table, 0, len(COLUMNS), form["applicants"][TOTAL], bold=True)
    merged(table, 0, 2, len(COLUMNS) - 1, form["organisations"])
    for number, name in enumerate(COLUMNS[1:-1], 2):
        write_cell(table, 1, number, form["applicants"][name], bold=True)
    for place, row in enumerate(_application_rows(annual, form), 2):
        for column, value in enumerate(row):
            write_cell(table, place, column, value)
    document.add_paragraph()


def _disputes(document: Any, annual: Annual, form: Form) -> None:
    groups, results = form["disputes"]["groups"], form["disputes"]["columns"]
    width = len(results)
    table = document.add_table(rows=3, cols=width * len(groups), style="Table Grid")
    for number, (group, name) in enumerate(groups.items()):
        merged(table, 0, number * width, number * width + width - 1, name)
        for place, (result, heading) in enumerate(results.items()):
            write_cell(table, 1, number * width + place, heading, bold=True)
            write_cell(table, 2, number * width + place, annual.disputes[group][result])
    document.add_paragraph()
