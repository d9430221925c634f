"""Reads the lexicon of the language from ``data/nlu``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.desk.entries import Facet, Kind, Question
from bot.desk.errors import CatalogueError
from bot.desk.lexicon import Lexicon
from bot.storage.question_files import read_questions


def load_lexicon(data: Path) -> Lexicon:
    """Give the lexicon under ``data/nlu``. Raises ``CatalogueError`` naming the file and what is wrong."""
    facets = _mapping(data / "nlu" / "facets.yml")
    words = _mapping(data / "nlu" / "words.yml")
    numbers = words.pop("number_words", {})
    variants = _mapping(data / "nlu" / "variants.yml")
    figures = _mapping(data / "nlu" / "calibration.yml")
    answered_by = _mapping(data / "nlu" / "next" / "answered_by.yml")
    try:
        named = {Facet(name): _phrases(phrases) for name, phrases in facets.items()}
        return Lexicon(
            named,
            {k: _phrases(v) for k, v in words.items()},
            numbers,
            variants["regions"],
            variants["letters"],
            figures,
            {kind: _asked_next(data / "nlu" / "next" / f"{kind.value}.txt") for kind in Kind},
            {entry: tuple(map(str, texts)) for entry, texts in answered_by.items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"data/nlu: {error}", f"data/nlu 词表有误:{error}") from error


def _asked_next(path: Path) -> tuple[Question, ...]:
    try:
        found = read_questions(path.read_bytes())
    except OSError as error:
        raise CatalogueError(f"{path}: {error}", f"词表 {path} 读不出来:{error}") from error
    for issue in found.issues:
        line, what = issue.where[0], f"{issue.message},{issue.fix}"
        raise CatalogueError(f"{path}: line {line}: {what}", f"词表 {path} 第 {line} 行:{what}")
    return tuple(found.questions)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path}: {error}", f"词表 {path} 读不出来:{error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path}: not a mapping", f"词表 {path} 应为“名称: 词语列表”的形式")
    return content


def _phrases(value: Any) -> tuple[str, ...]:
    """Longest first, so that the longest phrase is found."""
    if not isinstance(value, list):
        raise TypeError(f"a list of phrases was expected, not {value!r}")
    return tuple(sorted({str(v).lower() for v in value}, key=lambda v: (-len(v), v)))
