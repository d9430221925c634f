"""Reads the wording of answers and the fixed texts from ``data/responses``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.desk.answers import Words
from bot.desk.errors import CatalogueError
from bot.desk.typography import polish


def load_words(data: Path) -> Words:
    """Give the wording of answers. Raises ``CatalogueError`` naming the file."""
    content = read_mapping(data / "responses" / "answers.yml")
    groups = {name: content.pop(name, {}) for name in ("facets", "statuses", "publication")}
    return Words(texts=content, **groups)


def load_phrases(data: Path) -> dict[str, dict[str, Any]]:
    """Give the fixed texts by name. Raises ``CatalogueError`` naming the file."""
    return read_mapping(data / "responses" / "phrases.yml")


def read_words(path: Path) -> dict[str, Any]:
    """As ``read_mapping``, with the marks of Chinese print in every text."""
    content: dict[str, Any] = _polished(read_mapping(path))
    return content


def _polished(value: Any) -> Any:
    if isinstance(value, str):
        return polish(value)
    if isinstance(value, dict):
        return {key: _polished(inner) for key, inner in value.items()}
    return [_polished(inner) for inner in value] if isinstance(value, list) else value


def load_handoff_texts(data: Path) -> dict[str, Any]:
    """Give what is said about handoffs. Raises ``CatalogueError`` naming the file."""
    return read_mapping(data / "responses" / "handoffs.yml")


def read_mapping(path: Path) -> dict[str, Any]:
    """Give the content of a file of words. Raises ``CatalogueError`` naming the file and what is wrong."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path}: {error}", f"文字文件 {path} 读不出来:{error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path}: not a mapping", f"文字文件 {path} 应为“名称: 文字”的形式")
    return content
