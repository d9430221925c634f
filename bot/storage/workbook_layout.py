"""What the workbook of the catalogue looks like: sheets and columns, from ``schema/workbook.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.storage.yaml_reading import read_yaml

_FILE = Path(__file__).parent / "schema" / "workbook.yml"


@dataclass(frozen=True)
class Column:
    """A column: ``key`` is the way into the document, ``takes`` what a cell may hold, ``of`` its choices."""

    name: str
    key: str
    takes: str
    width: int
    about: str
    of: str = ""
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: ``into`` is where its rows go in the document; ``single`` allows one row for an entry."""

    name: str
    into: str
    single: bool
    about: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """The whole workbook; ``choices`` are the Chinese words for the values of a field."""

    title: str
    intro: tuple[str, ...]
    help_sheet: str
    codes_sheet: str
    version_column: str
    choices: Mapping[str, Mapping[str, str]]
    sheets: tuple[Sheet, ...]

    def sheet(self, into: str) -> Sheet:
        """Give the sheet whose rows go to this part of the document."""
        return next(sheet for sheet in self.sheets if sheet.into == into)


@cache
def layout() -> Layout:
    """Give the layout; read once in a process."""
    found: dict[str, Any] = read_yaml(_FILE.read_bytes()).value
    return Layout(
        title=found["title"],
        intro=tuple(found["intro"]),
        help_sheet=found["help_sheet"],
        codes_sheet=found["codes_sheet"],
        version_column=found["version_column"],
        choices=found["choices"],
        sheets=tuple(_sheet(sheet) for sheet in found["sheets"]),
    )


def _sheet(found: dict[str, Any]) -> Sheet:
    columns = tuple(Column(**{**c, "width": int(c["width"])}) for c in found["columns"])
    return Sheet(found["name"], found["into"] or "", found["rows"] == "one", found["about"], columns)
