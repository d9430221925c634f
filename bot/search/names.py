"""Which entries a text names outright: by the letters of a name or alias, or by their sound."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.search.normalise import is_han, normalise, runs
from bot.search.pinyin import initials, segment, sound

Key = tuple[str, ...]
FEWEST_SOUNDS = 3
"""A name of fewer syllables sounds like too many other words."""
SOUND_COUNTS = 0.7
MOST_INITIALS = 8
"""Longer names are not meant by their initials."""


@dataclass(frozen=True)
class Names:
    """Names by how they begin, in letters and in sounds; each with the number of its entry."""

    letters: Mapping[str, tuple[tuple[str, int], ...]]
    short: Mapping[str, int]
    sounds: Mapping[Key, tuple[tuple[Key, int], ...]]

    @classmethod
    def of(cls, names: Mapping[int, tuple[str, ...]]) -> Names:
        """Index the names and aliases of each entry."""
        letters: dict[str, list[tuple[str, int]]] = {}
        sounds: dict[Key, list[tuple[Key, int]]] = {}
        short: dict[str, set[int]] = {}
        for owner, texts in names.items():
            for plain in {normalise(t) for t in texts}:
                heard = syllables(plain)
                if FEWEST_SOUNDS <= len(plain) <= MOST_INITIALS and all(map(is_han, plain)):
                    short.setdefault(initials(plain), set()).add(owner)
                if len(plain) >= 2:
                    letters.setdefault(plain[:2], []).append((plain, owner))
                if len(heard) >= FEWEST_SOUNDS:
                    sounds.setdefault(heard[:2], []).append((heard, owner))
        return cls(
            {k: tuple(v) for k, v in letters.items()},
            {k: owners.pop() for k, owners in short.items() if len(owners) == 1},
            {k: tuple(v) for k, v in sounds.items()},
        )

    def within(self, text: str) -> dict[int, float]:
        """Give the entries that a normalised text names, and how much of it, 0 to 1, the name fills."""
        found: dict[int, float] = {}
        heard = syllables(text)
        for run in runs(text):
            if run in self.short:
                _raise(found, self.short[run], SOUND_COUNTS)
        for at in range(len(heard) - 1):
            for sounds, owner in self.sounds.get(heard[at : at + 2], ()):
                if heard[at : at + len(sounds)] == sounds:
                    _raise(found, owner, SOUND_COUNTS * _share(len(sounds), len(heard)))
        for at in range(len(text) - 1):
            for name, owner in self.letters.get(text[at : at + 2], ()):
                if text.startswith(name, at):
                    _raise(found, owner, _share(len(name), len(text)))
        return found

    def side_by_side(self, text: str) -> tuple[int, ...]:
        """Give the entries that are listed: named one after the other with only a joining word between."""
        spans = self._spans(text)
        owners: dict[int, None] = {}
        for (_, end, before), (start, _, after) in itertools.pairwise(spans):
            if _JOINED.fullmatch(text[end:start]):
                owners[before] = owners[after] = None
        return tuple(owners)

    def _spans(self, text: str) -> list[tuple[int, int, int]]:
        """Give start, end and owner of each name: the longest, none overlapping, none of two owners."""
        spans: list[tuple[int, int, int]] = []
        at = 0
        while at < len(text) - 1:
            here = [(n, o) for n, o in self.letters.get(text[at : at + 2], ()) if text.startswith(n, at)]
            longest = max((len(n) for n, _ in here), default=0)
            exact = {o for n, o in here if len(n) == longest}
            if len(exact) == 1:
                spans.append((at, at + longest, exact.pop()))
            at += longest or 1
        return spans


_JOINED = re.compile(r"(的|申报|申请|办理)?\s*[、,&+]?\s*(和|跟|与|及|以及|还有|同|加上|[、,&+])\s*")


def syllables(text: str) -> Key:
    """Give the folded syllables of a normalised text; Latin letters count where they are pinyin."""
    heard: list[str] = []
    for run in runs(text):
        heard.extend((sound(c) for c in run) if is_han(run[0]) else segment(run) if run.isalpha() else (run,))
    return tuple(heard)


def _share(part: int, whole: int) -> float:
    return min(1.0, 0.4 + part / max(whole, 1))


def _raise(found: dict[int, float], owner: int, value: float) -> None:
    found[owner] = max(found.get(owner, 0.0), value)
