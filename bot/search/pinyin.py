"""How a text sounds: toneless syllables, folded where speakers and typists confuse them."""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from sys import intern

_INITIALS = (
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h",
    "j", "q", "x", "r", "z", "c", "s", "y", "w",
)  # fmt: skip
_FOLDED = {"zh": "z", "ch": "c", "sh": "s", "l": "n"}
_LONGEST = 6


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading.split(",")[0])
    return "".join(c for c in plain.replace("u\u0308", "v") if "a" <= c <= "z")


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    """Give the commonest reading of each character.

    They are read from the library's file: to import the library takes its dictionary of phrases into
    memory, 45 MB that nothing here asks.
    """
    library = find_spec("pypinyin")
    assert library is not None
    assert library.origin is not None
    told = json.loads(Path(library.origin).with_name("pinyin_dict.json").read_text("utf-8"))
    return {chr(int(code)): intern(_toneless(reading)) for code, reading in told.items()}


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(s for s in _readings().values() if s and any(v in s for v in "aeiouv"))


@lru_cache(maxsize=4096)
def fold(syllable: str) -> str:
    """Fold what is confused: zh/z, ch/c, sh/s, l/n at the front; ng/n at the end."""
    initial = next((i for i in _INITIALS if syllable.startswith(i)), "")
    rest = syllable[len(initial) :]
    if rest.endswith("ng") and rest != "ong":
        rest = rest[:-1]
    return _FOLDED.get(initial, initial) + rest


def sound(character: str) -> str:
    """Give the folded syllable of a Chinese character, its commonest reading; "" if it has none."""
    return _sounds().get(character, "")


def sounds(characters: str) -> list[str]:
    """Give the folded syllable of each character, as ``sound`` does."""
    table = _sounds()
    return [table.get(character, "") for character in characters]


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    return {character: fold(reading) for character, reading in _readings().items()}


@lru_cache(maxsize=4096)
def segment(letters: str) -> tuple[str, ...]:
    """Cut Latin letters into the fewest pinyin syllables, folded; () when they are not pinyin."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            head, piece = best[start], letters[start:end]
            if head is not None and piece in _syllables():
                current = best[end]
                if current is None or len(head) + 1 < len(current):
                    best[end] = (*head, fold(piece))
    return best[-1] or ()


def initials(text: str) -> str:
    """Give the first letters of a Chinese text's syllables: 专精特新 gives zjtx."""
    return "".join(_readings().get(c, "?")[:1] for c in text)
