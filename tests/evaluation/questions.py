"""The labelled questions: single ones and dialogues, each a conversation, in two halves fixed by hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

TESTS = Path(__file__).parents[1]
UTTERANCES = TESTS / "utterances"
DIALOGUES = TESTS / "dialogues"


class Half(str, Enum):
    """What a case is for: its misses may be read and mended, or it is only counted."""

    TUNING = "tuning"
    REPORT = "report"


@dataclass(frozen=True)
class Label:
    """What a turn must come to (``tests/utterances/README.md`` says it in words).

    ``entries`` are alternatives, each a set of codes; ``outcomes`` are alternatives; no ``facets`` means
    that they are not judged; all ``facts`` must stand in the reply.
    """

    entries: tuple[frozenset[str], ...]
    facets: frozenset[str]
    outcomes: frozenset[str]
    facts: tuple[str, ...]

    @property
    def acceptable(self) -> frozenset[str]:
        """Every code of any alternative."""
        return frozenset[str]().union(*self.entries)


@dataclass(frozen=True)
class Ask:
    """One labelled turn; ``place`` counts from 1."""

    id: str
    text: str
    label: Label
    place: int = 1


@dataclass(frozen=True)
class Case:
    """One labelled conversation; a single question is one of one turn."""

    id: str
    slice: str
    turns: tuple[Ask, ...]
    dialogue: bool = False

    @property
    def half(self) -> Half:
        """Which half the case belongs to, for good: by a hash of its id alone."""
        return half_of(self.id)


def half_of(case_id: str) -> Half:
    """Give the half that a case of this id belongs to."""
    return Half.REPORT if crc32(case_id.encode()) % 2 else Half.TUNING


def single_questions(folder: Path = UTTERANCES) -> list[Case]:
    """Read every single question of a folder."""
    return [
        Case(row["id"], row["slice"], (Ask(row["id"], row["text"], label_of(row)),))
        for path in sorted(folder.glob("*.yml"))
        for row in _rows(path)
    ]


def dialogues(folder: Path = DIALOGUES) -> list[Case]:
    """Read every dialogue of a folder; the slice is the name of its file."""
    return [
        Case(row["id"], path.stem, tuple(_asks(row)), dialogue=True)
        for path in sorted(folder.glob("*.yml"))
        for row in _rows(path)
    ]


def every_case() -> list[Case]:
    """Read the whole set."""
    return single_questions() + dialogues()


def read_file(path: Path) -> list[Case]:
    """Read one file of either form."""
    rows = _rows(path)
    return [
        Case(row["id"], path.stem, tuple(_asks(row)), dialogue=True)
        if "turns" in row
        else Case(row["id"], row["slice"], (Ask(row["id"], row["text"], label_of(row)),))
        for row in rows
    ]


def label_of(row: dict[str, Any]) -> Label:
    """Give the label that stands beside a text."""
    return Label(
        entries=tuple(frozenset(alternative) for alternative in row["entries"]),
        facets=frozenset(row["facets"]),
        outcomes=frozenset(row["outcome"]),
        facts=tuple(row["facts"]),
    )


def _asks(row: dict[str, Any]) -> Iterator[Ask]:
    for place, turn in enumerate(row["turns"], 1):
        yield Ask(f"{row['id']}.{place}", turn["text"], label_of(turn), place)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return rows
