"""From a text to the small pieces by which it is found: characters, sounds, abbreviations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bot.search.normalise import is_han, runs
from bot.search.pinyin import initials, segment, sounds

WEIGHTS = {"1": 1.2, "2": 1.0, "3": 0.35, "p": 0.4, "q": 0.3, "w": 1.2, "i": 1.6}
"""How much a piece counts: 1, 2, 3 characters; 2 and 3 syllables; Latin word or number; abbreviation."""


@lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[str, ...]:
    """Give the distinct pieces of a normalised text, each with its family as the first character."""
    found: dict[str, None] = {}
    syllables: list[str] = []
    for run in runs(text):
        if is_han(run[0]):
            found.update(dict.fromkeys(_characters(run)))
            syllables.extend(sounds(run))
        else:
            found.update(dict.fromkeys(_latin(run)))
            syllables.extend(segment(run) if run.isalpha() else ())
    found.update(dict.fromkeys(_sounds(syllables)))
    return tuple(found)


def _characters(run: str) -> Iterator[str]:
    for size in (1, 2, 3):
        for at in range(len(run) - size + 1):
            yield f"{size}{run[at : at + size]}"


def _latin(run: str) -> Iterator[str]:
    yield "w" + run
    if run.isalpha() and 3 <= len(run) <= 10:
        yield "i" + run


def _sounds(syllables: list[str]) -> Iterator[str]:
    for size, family in ((2, "p"), (3, "q")):
        for at in range(len(syllables) - size + 1):
            yield family + " ".join(syllables[at : at + size])


def abbreviation(name: str) -> str | None:
    """Give the piece for a name's initials, or ``None`` when the name is too short to be meant by them."""
    han = "".join(r for r in runs(name) if is_han(r[0]))
    return "i" + initials(han) if 3 <= len(han) <= 10 else None
