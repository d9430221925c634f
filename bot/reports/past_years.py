"""Past yearly reports as they were published: contradictions are told, never put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk.errors import CatalogueError
from bot.storage.responses_files import read_words


@dataclass(frozen=True)
class Told:
    """One figure: the words of the report, and the number they mean, exact or as a lower bound.

    ``text`` is ``None`` where the report does not say.
    """

    id: str
    name: str
    text: str | None
    exactly: int | None = None
    at_least: int | None = None

    @property
    def number(self) -> int | None:
        """The number, or its lower bound."""
        return self.exactly if self.exactly is not None else self.at_least


@dataclass(frozen=True)
class Sum:
    """Figures of which one should be the sum of the others; ``difference`` is parts less whole.

    ``contradicts``: the numbers as published cannot all be right. Lower bounds contradict only where the
    parts' bounds come to more than an exact whole.
    """

    whole: Told
    parts: tuple[Told, ...]
    difference: int
    contradicts: bool
    exact: bool
    note: str | None = None


@dataclass(frozen=True)
class PastYear:
    """One past report."""

    year: int
    title: str
    form: str
    figures: tuple[Told, ...]
    sums: tuple[Sum, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def load_past_years(data: Path) -> dict[int, PastYear]:
    """Give the past reports by year. Raises ``CatalogueError`` naming the file."""
    found = {}
    for path in sorted((data / "reports" / "published").glob("*.yml")):
        content = read_words(path)
        try:
            past = _past(content)
        except (KeyError, TypeError) as error:
            raise CatalogueError(f"{path}: {error}", f"往年年报 {path} 缺少内容或写法不对:{error}") from error
        if path.stem != str(past.year):
            raise CatalogueError(f"{path}: year", f"往年年报 {path} 的 year 应与文件名相同")
        found[past.year] = past
    return found


def _past(content: Mapping[str, Any]) -> PastYear:
    figures = {item["id"]: Told(**item) for item in content["figures"]}
    return PastYear(
        year=content["year"],
        title=content["title"],
        form=content["form"],
        figures=tuple(figures.values()),
        sums=tuple(_sums(content.get("sums", ()), figures)),
        notes=tuple(content.get("notes", ())),
        sources=tuple(content["sources"]),
    )


def _sums(found: Any, figures: Mapping[str, Told]) -> Iterator[Sum]:
    for item in found:
        whole, parts = figures[item["whole"]], tuple(figures[name] for name in item["parts"])
        numbers = [told.number for told in (whole, *parts)]
        if None in numbers:
            continue
        difference = sum(part.number or 0 for part in parts) - (whole.number or 0)
        exact = all(told.exactly is not None for told in (whole, *parts))
        too_much = whole.exactly is not None and difference > 0
        yield Sum(whole, parts, difference, too_much or (exact and difference != 0), exact, item.get("note"))
