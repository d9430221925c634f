"""The yearly report on disclosure in the official form: filled from the registers, checked, never rounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.desk.annual import (
    Fault,
    Table,
    applications_table,
    carried_faults,
    dispute_faults,
    disputes_table,
    faults,
)
from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Kind, Status
from bot.desk.errors import DeskError
from bot.desk.register import CaseKind
from bot.desk.statistics import Definition, How, Measure, Scope
from bot.storage import form_figures, register
from bot.storage.counting import count
from bot.storage.responses_files import read_words

TEXTS = ("problems", "other")
Form = Mapping[str, Any]
_ABOUT = re.compile(r"(20\d\d)年(?:以来|度)")


@dataclass(frozen=True)
class Annual:
    """One year's report. ``proactive`` gives a value or ``None`` for each cell ``row.column``.

    ``problems`` are sentences in Chinese about what does not hold or is still missing.
    """

    year: int
    title: str
    overview: str
    proactive: Mapping[str, str | None]
    applications: Table
    disputes: Table
    texts: Mapping[str, str | None]
    problems: tuple[str, ...]


def load_form(data: Path) -> Form:
    """Give the form of the report, with what each row of table three is called when it stands alone.

    Raises ``CatalogueError`` naming the file.
    """
    form = read_words(data / "reports" / "form_2021.yml")
    within = {row: group["name"] for group in form["groups"] for row in group["rows"] if row.count(".") == 2}
    names = {row: f"{within.get(row, '')}{name}" for row, name in form["applications"].items()}
    return {**form, "names": names}


def annual_of(connection: Connection, year: int, form: Form, catalogue: Catalogue) -> Annual:
    """Give the report of a year. Raises ``DeskError`` for a year that had another form."""
    if year < form["first_year"]:
        raise DeskError(
            f"{year} had another form", f"{form['first_year']} 年以前用的是另一种表格,只能查看已发布的年报。"
        )
    cases = [
        found.case
        for kind in (CaseKind.APPLICATION, CaseKind.DISPUTE)
        for found in register.every(connection, kind)
    ]
    table = applications_table(cases, year)
    disputes = disputes_table(cases, year)
    supplied = {cell: value for cell, (value, _) in form_figures.of_year(connection, year).items()}
    proactive = _proactive(year, form, catalogue, supplied)
    texts = {name: supplied.get(f"text.{name}") for name in TEXTS}
    found = [*faults(table), *dispute_faults(disputes)]
    before = form_figures.published(connection, year - 1)
    if before is not None:
        left = {cell[3:]: value for cell, value in before.items() if cell.startswith("R4:")}
        found += carried_faults(left, table)
    problems = (*_told(found, form), *_missing(proactive, texts, form), *_in_words(year, texts, form))
    title = form["title"].format(bureau=catalogue.bureau.name, year=year)
    overview = _overview(connection, year, form, table)
    return Annual(year, title, overview, proactive, table, disputes, texts, problems)


def cells_of(annual: Annual) -> dict[str, int]:
    """Give every counted cell of the form by its name, as it is stored when the report is published."""
    tables = {**annual.applications, **{f"D.{group}": row for group, row in annual.disputes.items()}}
    return {f"{row}:{column}": value for row, cells in tables.items() for column, value in cells.items()}


def supplied_cells(form: Form) -> dict[str, str]:
    """Give the cells that staff supply, with what they are called."""
    cells = {
        f"{row}.{column}": f"{name} {heading}"
        for part in form["proactive"]
        for row, name in part["rows"].items()
        for column, heading in part["columns"].items()
        if row not in form["always_zero"]
    }
    return {**cells, **{f"text.{name}": form["parts"][name] for name in TEXTS}}


def check_supplied(form: Form, cell: str, value: str) -> None:
    """Raise ``DeskError`` unless this may be supplied for the cell: a count, an amount, or a text."""
    if cell not in supplied_cells(form):
        known = "、".join(supplied_cells(form))
        raise DeskError(f"no cell {cell}", f"年报里没有可以填报的“{cell}”。可以填报:{known}。")
    pattern = r"\d{1,9}(\.\d{1,2})?" if cell.endswith(".amount") else r"\d{1,9}"
    if not cell.startswith("text.") and not re.fullmatch(pattern, value):
        raise DeskError(f"{cell}: no number", f"“{cell}”应填数字,件数为整数,金额最多两位小数。")


def _proactive(
    year: int, form: Form, catalogue: Catalogue, supplied: Mapping[str, str]
) -> dict[str, str | None]:
    counted = _normative(year, form, catalogue)
    cells: dict[str, str | None] = {}
    for part in form["proactive"]:
        for row in part["rows"]:
            for column in part["columns"]:
                cell = f"{row}.{column}"
                zero = "0" if row in form["always_zero"] else None
                cells[cell] = zero or supplied.get(cell) or counted.get(cell)
    return cells


def _normative(year: int, form: Form, catalogue: Catalogue) -> dict[str, str]:
    """Count the bureau's normative documents in the catalogue; nothing where it lists none."""
    documents = [entry for entry in catalogue if _is_normative(entry, form)]
    if not documents:
        return {}
    made = sum(str(e.publication.published).startswith(str(year)) for e in documents if e.publication)
    repealed = sum(e.effective_to is not None and e.effective_to.year == year for e in documents)
    valid = sum(_valid_at(entry, date(year, 12, 31)) for entry in documents)
    return {"normative.made": str(made), "normative.repealed": str(repealed), "normative.valid": str(valid)}


def _is_normative(entry: Entry, form: Form) -> bool:
    told = entry.publication
    return (
        entry.kind is Kind.DOCUMENT
        and told is not None
        and told.own
        and told.category in form["normative_categories"]
    )


def _valid_at(entry: Entry, day: date) -> bool:
    told = entry.publication
    begun = told is None or told.published is None or told.published[:4] <= str(day.year)
    ended = entry.effective_to is not None and entry.effective_to <= day
    return begun and not ended and entry.status not in (Status.CANCELLED, Status.SUPERSEDED)


def _overview(connection: Connection, year: int, form: Form, table: Table) -> str:
    scope = Scope(date(year, 1, 1), date(year, 12, 31), date(year, 12, 31))
    rows = (Measure("件数", How.ROWS),)
    enquiries = count(connection, Definition("annual", "", "", "", "enquiries", rows), scope)
    cases = count(connection, Definition("annual", "", "", "", "cases", rows, by=("kind",)), scope).lines

    def of(kind: CaseKind) -> int:
        return cases.get((kind.value,), (0,))[0] or 0

    text: str = form["words"]["overview"]
    return text.format(
        year=year,
        new=table["R1"]["total"],
        old=table["R2"]["total"],
        done=table["R3.7"]["total"],
        left=table["R4"]["total"],
        hotline=of(CaseKind.CITIZENS_HOTLINE),
        on_air=of(CaseKind.ON_AIR),
        letters=of(CaseKind.WEB_LETTER),
        telephone=of(CaseKind.TELEPHONE),
        enquiries=enquiries.total[0] or 0,
    )


def _told(found: list[Fault], form: Form) -> Iterator[str]:
    words, names = form["words"], {**form["applicants"], **form["names"], **form["disputes"]["groups"]}
    for fault in found:
        sides = {"column": names.get(fault.column, fault.column), "left": fault.left, "right": fault.right}
        if fault.identity == "carried":
            yield words["problem_carried"].format(**sides)
        else:
            yield words["problem_equal"].format(row=words[f"identity_{fault.identity}"], **sides)


def _missing(
    proactive: Mapping[str, str | None], texts: Mapping[str, str | None], form: Form
) -> Iterator[str]:
    names = supplied_cells(form)
    cells = {**proactive, **{f"text.{name}": text for name, text in texts.items()}}
    for cell, value in cells.items():
        if value is None:
            yield form["words"]["problem_supplied"].format(what=names[cell])


def _in_words(year: int, texts: Mapping[str, str | None], form: Form) -> Iterator[str]:
    """Tell what the texts lack: the fees that the sixth part must tell of, or the right year."""
    if texts["other"] and form["words"]["fees"] not in texts["other"]:
        yield form["words"]["problem_fees"].format(part=form["parts"]["other"])
    for name, text in texts.items():
        for found in sorted(set(_ABOUT.findall(text or "")) - {str(year)}):
            yield form["words"]["problem_year"].format(part=form["parts"][name], found=found, year=year)
