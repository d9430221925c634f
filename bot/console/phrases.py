"""The canned phrases of the staff, read from the bureau's data whenever the file has changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk.bureau import Bureau
from bot.desk.errors import CatalogueError
from bot.storage.responses_files import read_mapping


@dataclass(frozen=True)
class Phrase:
    """One phrase under its title."""

    title: str
    text: str


@dataclass(frozen=True)
class Group:
    """Phrases of one kind."""

    title: str
    phrases: tuple[Phrase, ...]


def load_phrases(data: Path, bureau: Bureau) -> tuple[Group, ...]:
    """Give the phrases of ``responses/staff.yml``; ``{bureau}`` and ``{phone}`` are filled in.

    A phrase that needs a telephone number is left out where none is published. Raises ``CatalogueError``.
    """
    path = data / "responses" / "staff.yml"
    try:
        groups = read_mapping(path)["groups"]
        return tuple(_group(group, bureau) for group in groups)
    except (KeyError, TypeError, AttributeError) as error:
        told = f"文字文件 {path} 应为 groups 列表,每组有 title 和 phrases(title、text)。"
        raise CatalogueError(f"{path}: {error!r}", told) from error


def _group(group: dict[str, Any], bureau: Bureau) -> Group:
    known = {"bureau": bureau.name, "phone": bureau.phone}
    phrases = [
        Phrase(phrase["title"], phrase["text"].strip().format(**known))
        for phrase in group["phrases"]
        if bureau.phone or "{phone}" not in phrase["text"]
    ]
    return Group(group["title"], tuple(phrases))
