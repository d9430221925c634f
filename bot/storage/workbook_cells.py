"""Turns one value of an entry into the content of a cell, and the content of a cell back into the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.storage.problems import shortened
from bot.storage.workbook_layout import Column

Choices = Mapping[str, Mapping[str, str]]
"""For each list of choices: the words people see, by the value they stand for."""

_SEPARATOR = re.compile(r"[\s,,、;;]+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TEXT_FIX = "请把单元格格式设为“文本”,再照原样重新填写"
_DATE_FIX = "请把单元格格式设为“日期”,再填 2024-01-31 这样的日期"


@dataclass(frozen=True)
class RawCell:
    """What stands in a cell; ``kind`` is the type letter of the format (``f`` formula, ``e`` error)."""

    value: Any
    kind: str = "s"


class CellFault(Exception):
    """A cell cannot be taken: the message and how to mend it, in Chinese."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def cell_content(column: Column, value: Any, choices: Choices) -> Any:
    """Give what to write into a cell for a value; ``None`` leaves it empty."""
    if value is None or value == [] or value == ():
        return None
    if column.takes == "yes_no":
        value = "true" if value else "false"
    if column.takes in ("choice", "yes_no"):
        return choices[column.of or column.takes][value]
    if column.takes == "choices":
        return "、".join(choices[column.of][v] for v in value)
    if column.takes == "ref":
        return f"{value} {choices[column.of].get(value, '')}".strip()
    if column.takes in ("lines", "ids"):
        value = "\n".join(value)
    return value if isinstance(value, date) else escaped(value)


def cell_value(column: Column, cell: RawCell, choices: Choices) -> Any:
    """Give the value that stands in a cell, ``None`` when it is empty. Raises ``CellFault``."""
    if cell.kind == "f":
        raise CellFault("这里是公式", "请改成文字本身(可以复制后“选择性粘贴”为“数值”)")
    if cell.kind == "e":
        raise CellFault(f"这里是错误值 {cell.value}", "请重新填写")
    if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
        return None
    if column.takes == "date":
        return _date(cell.value)
    return _READERS[column.takes](_text(cell.value), column, choices)


def escaped(text: str) -> str:
    """Give a text as the format stores it: what looks like one of its escapes is escaped itself."""
    return _LOOKS_ESCAPED.sub("_x005F_", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise CellFault(f"这里是逻辑值 {str(value).upper()},不是文本", _TEXT_FIX)
    if isinstance(value, (datetime, date, time)):
        raise CellFault(f"这里是日期或时间({value:%Y-%m-%d}),不是文本" if not isinstance(value, time)
                        else "这里是时间,不是文本", _TEXT_FIX)  # fmt: skip
    if not isinstance(value, str):
        raise CellFault(f"这里是数字 {shortened(value)},不是文本", _TEXT_FIX)
    return _unescaped(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def _date(value: Any) -> str:
    if isinstance(value, str):
        raise CellFault(f"日期写成了文本「{shortened(value)}」", _DATE_FIX)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise CellFault(f"「{shortened(value)}」不是日期", _DATE_FIX)


def _plain(text: str, column: Column, choices: Choices) -> str:
    return text


def _lines(text: str, column: Column, choices: Choices) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _ids(text: str, column: Column, choices: Choices) -> list[str]:
    return [word for word in _SEPARATOR.split(text) if word]


def _choice(text: str, column: Column, choices: Choices) -> str:
    words = choices[column.of or column.takes]
    for value, word in words.items():
        if word == text:
            return value
    raise CellFault(f"不能填「{shortened(text)}」", f"请改为其中之一:{'、'.join(words.values())}")


def _choices(text: str, column: Column, choices: Choices) -> list[str]:
    return list(dict.fromkeys(_choice(word, column, choices) for word in _ids(text, column, choices)))


def _yes_no(text: str, column: Column, choices: Choices) -> bool:
    return _choice(text, column, choices) == "true"


def _ref(text: str, column: Column, choices: Choices) -> str:
    return text.split()[0]


_READERS = {
    "text": _plain, "line": _plain, "id": _plain, "lines": _lines, "ids": _ids,
    "choice": _choice, "choices": _choices, "yes_no": _yes_no, "ref": _ref,
}  # fmt: skip
