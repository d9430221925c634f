"""The monthly report as a Word document: figures, changes, pictures with their tables, overdue cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.desk.statistics import Definition, How, Measure, Scope
from bot.desk.typography import polish
from bot.reports.book import Book
from bot.reports.charts import chinese_font, png
from bot.reports.documents import add_picture, add_table, new_document
from bot.reports.statistics import explained, table_of
from bot.reports.statistics import figures_of as counted
from bot.reports.tables import Value
from bot.storage.counting import count
from bot.storage.overdue import Overdue, overdue_cases, overdue_handoffs
from bot.storage.responses_files import read_words


@dataclass(frozen=True)
class Figure:
    """One figure of this month, of the last, and of the same month last year; ``None`` is no value."""

    name: str
    now: int | None
    before: int | None
    year_before: int | None


@dataclass(frozen=True)
class Month:
    """A month: the days of it, of the one before, and of the same one last year."""

    year: int
    month: int

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day."""
        first = date(self.year, self.month, 1)
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return first, following - timedelta(1)

    @property
    def before(self) -> Month:
        """The month before."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def year_before(self) -> Month:
        """The same month of last year."""
        return replace(self, year=self.year - 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


def load_monthly(data: Path) -> dict[str, Any]:
    """Give the words and the list of figures of the report. Raises ``CatalogueError``."""
    return read_words(data / "reports" / "monthly.yml")


def figures_of(connection: Connection, month: Month, words: Mapping[str, Any], scope: Scope) -> list[Figure]:
    """Give the figures of a month beside those of the months that it is compared with."""
    months = (month, month.before, month.year_before)
    values = {one: _values(connection, one, words, scope) for one in months}
    names = [item["name"] for item in words["figures"]]
    return [Figure(name, *(values[one][place] for one in months)) for place, name in enumerate(names)]


def _values(connection: Connection, month: Month, words: Mapping[str, Any], scope: Scope) -> list[int | None]:
    """Count each population once, with all its measures."""
    first, last = month.days
    within = replace(scope, first=first, last=last)
    found: dict[int, int | None] = {}
    for population in dict.fromkeys(item["of"] for item in words["figures"]):
        places = [n for n, item in enumerate(words["figures"]) if item["of"] == population]
        measures = tuple(_measure(words["figures"][n]["measure"]) for n in places)
        definition = Definition("monthly", "", "", "", population, measures)
        found |= dict(zip(places, count(connection, definition, within).total, strict=True))
    return [found[n] for n in range(len(found))]


def _measure(item: Mapping[str, Any]) -> Measure:
    where = {name: tuple(values) for name, values in item.get("where", {}).items()}
    return Measure(item["heading"], How(item["how"]), item.get("field"), item.get("at"), where)


def change(now: int | None, before: int | None, words: Mapping[str, Any]) -> str:
    """Word a change: the difference, and how much of the former figure it is, in tenths of a percent."""
    if now is None or before is None or before == 0:
        return str(words["nothing_before"])
    if now == before:
        return str(words["no_change"])
    tenths = (2000 * abs(now - before) + before) // (2 * before)
    return f"{now - before:+d} ({'+' if now > before else '-'}{tenths // 10}.{tenths % 10}%)"


def write_monthly(
    path: Path,
    connection: Connection,
    month: Month,
    definitions: Mapping[str, Definition],
    book: Book,
    words: Mapping[str, Any],
) -> None:
    """Write the report of a month. Raises ``OSError``."""
    first, last = month.days
    book = replace(book, scope=replace(book.scope, first=first, last=last))
    bureau = book.catalogue.bureau.name if book.catalogue else ""
    document = new_document(words["title"].format(bureau=bureau, year=month.year, month=month.month))
    told = {"first": first, "last": last, "before": month.before, "year_before": month.year_before}
    document.add_paragraph(polish(words["period"].format(**told)))
    section = book.scope.section
    name = book.labels.value("section", section, book.catalogue) if section else words["all_sections"]
    document.add_paragraph(polish(words["scope"].format(section=name)))
    document.add_heading(words["headings"]["figures"], 1)
    _figures(document, figures_of(connection, month, words, book.scope), words)
    document.add_heading(words["headings"]["pictures"], 1)
    for statistic in words["pictures"]:
        if statistic in definitions:
            _picture(document, connection, definitions[statistic], book)
    if chinese_font() is None:
        document.add_paragraph(words["no_font"])
    document.add_heading(words["headings"]["overdue"], 1)
    _overdue(
        document,
        [*overdue_handoffs(connection, book.scope), *overdue_cases(connection, book.scope)],
        book,
        words,
    )
    document.add_heading(words["headings"]["notes"], 1)
    for note in words["notes"]:
        document.add_paragraph(note)
    document.save(str(path))


def _figures(document: Any, figures: Sequence[Figure], words: Mapping[str, Any]) -> None:
    def row(figure: Figure) -> tuple[Value, ...]:
        now, before, year_before = figure.now, figure.before, figure.year_before
        changes = change(now, before, words), change(now, year_before, words)
        return figure.name, now, before, changes[0], year_before, changes[1]

    add_table(document, list(words["columns"].values()), map(row, figures))


def _picture(document: Any, connection: Connection, definition: Definition, book: Book) -> None:
    figures = counted(connection, definition, book.scope)
    document.add_heading(definition.title, 2)
    picture = png(definition, figures, book.labels, book.catalogue)
    if picture:
        add_picture(document, picture, definition.title)
    table = table_of(definition, figures, book.labels, book.catalogue)
    if definition.chart != "heat":  # 168 lines; the picture's numbers stand in the workbook
        add_table(document, [c.heading for c in table.columns], table.lines)
    document.add_paragraph(explained(definition, book.labels))


def _overdue(document: Any, found: Sequence[Overdue], book: Book, words: Mapping[str, Any]) -> None:
    if not found:
        document.add_paragraph(words["none_overdue"])
        return
    rows = [
        (
            one.number,
            words["handoff"] if one.kind == "handoff" else book.labels.value("kind", one.kind, None),
            book.labels.value("section", one.section, book.catalogue),
            one.received_on,
            one.due_on,
            words["states"]["open" if one.open else "late"],
        )
        for one in found
    ]
    add_table(document, list(words["overdue"].values()), rows)
