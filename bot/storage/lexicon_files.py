"""Reads the lexicon of the language from ``data/nlu``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.desk.entries import Facet
from bot.desk.errors import CatalogueError
from bot.desk.lexicon import Lexicon


def load_lexicon(data: Path) -> Lexicon:
    """Give the lexicon under ``data/nlu``. Raises ``CatalogueError`` naming the file and what is wrong."""
    facets = _mapping(data / "nlu" / "facets.yml")
    words = _mapping(data / "nlu" / "words.yml")
    numbers = words.pop("number_words", {})
    variants = _mapping(data / "nlu" / "variants.yml")
    figures = _mapping(data / "nlu" / "calibration.yml")
    try:
        named = {Facet(name): _phrases(phrases) for name, phrases in facets.items()}
        return Lexicon(
            named,
            {k: _phrases(v) for k, v in words.items()},
            numbers,
            variants["regions"],
            variants["letters"],
            figures,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"data/nlu: {error}", f"data/nlu 词表有误:{error}") from error


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
