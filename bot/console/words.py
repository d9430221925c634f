"""The words of the console: names of roles, states and deeds, sentences about what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).parent / "words.yml"


class Words:
    """Looks words up; one that is missing is shown by its key, so that a page never fails for a word."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    def __call__(self, group: str, key: object, **values: object) -> str:
        """Give the word of a key in a group, with values filled in."""
        text = self._words.get(group, {}).get(str(getattr(key, "value", key)))
        return str(key) if text is None else str(text).format(**values)

    def group(self, name: str) -> Mapping[str, str]:
        """Give all words of a group, in their order."""
        group: Mapping[str, str] = self._words[name]
        return group

    def known(self, group: str, key: str) -> bool:
        """Say whether there is a word for the key."""
        return key in self._words.get(group, {})


def read_words(path: Path = WORDS) -> Words:
    """Give the words of the file."""
    return Words(yaml.safe_load(path.read_text(encoding="utf-8")))
