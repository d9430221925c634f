"""The lists behind the workbook's drop-downs, and the lines of the sheet that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from bot.storage.workbook_cells import Choices
from bot.storage.workbook_layout import Layout

_TAKES = {
    "text": "文字,可以换行", "line": "一行文字", "lines": "文字,每行一项", "ids": "标识,每行一个",
    "id": "标识", "date": "日期", "yes_no": "是 或 否", "choice": "从下拉列表选", "choices": "几项用顿号隔开",
    "ref": "从下拉列表选",
}  # fmt: skip
_WITH_IDS = ("section", "body")

Line = list[tuple[str, bool]]
"""The cells of a line of the explaining sheet, each with whether it is a heading."""


@dataclass(frozen=True)
class CodeList:
    """A column of the sheet of codes."""

    name: str
    heading: str
    items: tuple[str, ...]


def code_lists(layout: Layout, choices: Choices, sources: Mapping[str, str]) -> list[CodeList]:
    """Give the columns of the sheet of codes; ``sources`` are the titles of the sources by id."""
    headings = {"yes_no": "是否"}
    for sheet in layout.sheets:
        headings |= {column.of: column.name for column in sheet.columns if column.of}
    lists = [CodeList(name, heading, _items(name, choices)) for name, heading in headings.items()]
    titles = CodeList("title", "来源名称", tuple(sources.values()))
    return [*lists, CodeList("source", "来源标识", tuple(sources)), titles]


def list_range(layout: Layout, lists: list[CodeList], name: str) -> str:
    """Give where the items of a list stand, as a reference of the spreadsheet."""
    number = next(n for n, found in enumerate(lists, 1) if found.name == name)
    letter = get_column_letter(number)
    last = max(len(lists[number - 1].items), 1) + 1
    return f"'{layout.codes_sheet}'!${letter}$2:${letter}${last}"


def help_lines(layout: Layout, choices: Choices) -> Iterator[Line]:
    """Give the lines of the sheet that explains each column."""
    yield [(layout.title, True)]
    for number, line in enumerate(layout.intro, 1):
        yield [(f"{number}. {line}", False)]
    yield []
    yield [(name, True) for name in ("工作表", "栏目", "必填", "填什么", "说明", "可以填的值或例子")]
    for sheet in layout.sheets:
        yield [(sheet.name, True), ("", False), ("", False), ("", False), (sheet.about, False)]
        for column in sheet.columns:
            values = "、".join(layout.choices.get(column.of, {}).values()) or column.example
            required = "必填" if column.required else ""
            words = sheet.name, column.name, required, _TAKES[column.takes], column.about, values
            yield [(word, False) for word in words]


def _items(name: str, choices: Choices) -> tuple[str, ...]:
    words = choices[name].items()
    return tuple(f"{value} {word}" if name in _WITH_IDS else word for value, word in words)
