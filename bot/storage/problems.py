"""What is wrong with a file of the catalogue: where it stands, what it is, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.typography import polish

Where = tuple["str | int", ...]
"""The way into a document: keys and list indexes, outermost first."""


@dataclass(frozen=True)
class Issue:
    """Something wrong inside one document; a warning does not keep the document from being used."""

    where: Where
    message: str
    fix: str
    warning: bool = False


@dataclass(frozen=True)
class Problem:
    """Something wrong with a file, told to the people who edit it.

    ``path`` is relative to the folder above ``data``; ``field`` is dotted with list indexes
    (``facets.conditions[0].text``), empty when the file as a whole is meant; ``line`` counts from 1.
    """

    path: str
    field: str
    message: str
    fix: str
    line: int | None = None
    warning: bool = False

    def __str__(self) -> str:
        line = f" 第 {self.line} 行" if self.line else ""
        field = f"，字段 {self.field}" if self.field else ""
        return shown(f"{self.path}{line}{field}：{self.message}。{self.fix}。")


_AS_TYPED = re.compile(r"(\{[^{}]*\}|\[[^\[\]]*\]|“[^”]*”|「[^」]*」)")


def shown(text: str) -> str:
    """Give a message with the marks of Chinese print, except in what people are to type or have typed."""
    return "".join(part if n % 2 else polish(part) for n, part in enumerate(_AS_TYPED.split(text)))


def dotted(where: Where) -> str:
    """Give the way into a document as people read it: ``facts[2].sources[0]``."""
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def told(issue: Issue, path: str, line: int | None) -> Problem:
    """Give an issue inside a document as a problem of the file at ``path``."""
    return Problem(path, dotted(issue.where), issue.message, issue.fix, line, issue.warning)


def shortened(value: object, limit: int = 40) -> str:
    """Give the beginning of a value, for quoting it in a message."""
    text = str(value).replace("\n", "⏎")
    return text if len(text) <= limit else text[:limit] + "…"


def serious(problems: Sequence[Problem]) -> bool:
    """Say whether there is anything worse than a warning."""
    return any(not p.warning for p in problems)
