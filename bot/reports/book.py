"""A workbook of statistics: one sheet each with its picture, and a sheet that explains every count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.desk.catalogue import Catalogue
from bot.desk.statistics import Definition, Scope
from bot.reports.charts import chinese_font, png
from bot.reports.labels import Labels
from bot.reports.statistics import explained, figures_of, table_of
from bot.reports.tables import Column, Table, Value, write_xlsx


@dataclass(frozen=True)
class Book:
    """What every sheet of a workbook shares: the scope, the words, the names of entries."""

    scope: Scope
    labels: Labels
    catalogue: Catalogue | None


def write_book(path: Path, connection: Connection, definitions: Sequence[Definition], book: Book) -> None:
    """Write the statistics to an XLSX file, one after the other. Raises ``OSError``."""

    def tables() -> Iterator[Table]:
        for definition in definitions:
            figures = figures_of(connection, definition, book.scope)
            table = table_of(definition, figures, book.labels, book.catalogue)
            picture = png(definition, figures, book.labels, book.catalogue)
            yield Table(table.title, table.columns, table.lines, picture)
        yield _explanations(definitions, book)

    write_xlsx(path, tables())


def _explanations(definitions: Sequence[Definition], book: Book) -> Table:
    words = book.labels.book
    names = ("sheet", "title", "counts", "first", "last", "section", "version")
    scope = book.scope
    section = book.labels.value("section", scope.section, book.catalogue) if scope.section else words["all"]
    rows: list[tuple[Value, ...]] = [
        (d.sheet, d.title, explained(d, book.labels), scope.first, scope.last, section, d.version)
        for d in definitions
    ]
    if chinese_font() is None:
        rows.append((words["note"], words["no_font"], None, None, None, None, None))
    rows += [(words["note"], note, None, None, None, None, None) for note in book.labels.notes]
    columns = tuple(Column(name, words[name]) for name in names)
    return Table(book.labels.titles["notes"], columns, iter(rows))
