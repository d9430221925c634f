"""Which entries a text names outright: by the letters of a name or alias, or by their sound."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.search.normalise import is_han, runs
from bot.search.pinyin import initials, segment, sounds

Key = tuple[str, ...]
FEWEST_SOUNDS = 3
"""A name of fewer syllables sounds like too many other words."""
SOUND_COUNTS = 0.7
MOST_INITIALS = 8
"""Longer names are not meant by their initials."""


@dataclass(frozen=True)
class Name:
    """A normalised name: how it is written, its syllables, and its initials if it may be meant by them."""

    plain: str
    heard: str
    count: int
    short: str | None


def name_of(plain: str) -> Name:
    """Give the name of a normalised text."""
    heard = syllables(plain)
    meant = FEWEST_SOUNDS <= len(plain) <= MOST_INITIALS and all(map(is_han, plain))
    return Name(plain, " ".join(heard), len(heard), initials(plain) if meant else None)


@dataclass(frozen=True)
class Lines:
    """Lines of letters or of syllables, each with the numbers of its entries, found by how they begin.

    ``sizes`` tells for each beginning (two letters or syllables) how long the lines are that begin so: one
    look a length, however many lines there are.
    """

    owners: Mapping[str, Sequence[int]]
    sizes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, lines: Iterable[tuple[str, str, int, int]]) -> Lines:
        """Take lines, each with its beginning, its size and its owner."""
        owners: dict[str, list[int]] = {}
        sizes: dict[str, set[int]] = {}
        for line, beginning, size, owner in lines:
            owners.setdefault(line, []).append(owner)
            sizes.setdefault(beginning, set()).add(size)
        return cls(owners, {k: tuple(sorted(v)) for k, v in sizes.items()})


@dataclass(frozen=True)
class Names:
    """The names of all entries, in letters and in sounds, and the initials that only one entry has."""

    letters: Lines
    short: Mapping[str, int]
    sounds: Lines

    @classmethod
    def of(cls, names: Iterable[tuple[Name, ...]]) -> Names:
        """Index the names and aliases of each entry."""
        each = [(name, owner) for owner, some in enumerate(names) for name in some]
        short: dict[str, set[int]] = {}
        for name, owner in each:
            if name.short is not None:
                short.setdefault(name.short, set()).add(owner)
        return cls(
            Lines.of((n.plain, n.plain[:2], len(n.plain), o) for n, o in each if len(n.plain) >= 2),
            {k: owners.pop() for k, owners in short.items() if len(owners) == 1},
            Lines.of((n.heard, _beginning(n.heard), n.count, o) for n, o in each if n.count >= FEWEST_SOUNDS),
        )

    def within(self, text: str) -> dict[int, float]:
        """Give the entries that a normalised text names, and how much of it, 0 to 1, the name fills."""
        found: dict[int, float] = {}
        for run in runs(text):
            if run in self.short:
                _raise(found, self.short[run], SOUND_COUNTS)
        heard = syllables(text)
        for at in range(len(heard) - 1):
            for owner, size in self._heard(heard, at):
                _raise(found, owner, SOUND_COUNTS * _share(size, len(heard)))
        for at in range(len(text) - 1):
            for owner, size in sorted(self._written(text, at)):
                _raise(found, owner, _share(size, len(text)))
        return found

    def _heard(self, heard: Key, at: int) -> list[tuple[int, int]]:
        sizes = self.sounds.sizes.get(" ".join(heard[at : at + 2]), ())
        lines = ((" ".join(heard[at : at + size]), size) for size in sizes if at + size <= len(heard))
        return sorted((owner, size) for line, size in lines for owner in self.sounds.owners.get(line, ()))

    def _written(self, text: str, at: int) -> Iterator[tuple[int, int]]:
        """Give the owners of the names that begin here, with the size of each name, the longest last."""
        for size in self.letters.sizes.get(text[at : at + 2], ()):
            if at + size <= len(text):
                yield from ((owner, size) for owner in self.letters.owners.get(text[at : at + size], ()))

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
            here = list(self._written(text, at))
            longest = max((size for _, size in here), default=0)
            exact = {owner for owner, size in here if size == longest}
            if len(exact) == 1:
                spans.append((at, at + longest, exact.pop()))
            at += longest or 1
        return spans


_JOINED = re.compile(r"(的|申报|申请|办理)?\s*[、,&+]?\s*(和|跟|与|及|以及|还有|同|加上|[、,&+])\s*")


def syllables(text: str) -> Key:
    """Give the folded syllables of a normalised text; Latin letters count where they are pinyin."""
    heard: list[str] = []
    for run in runs(text):
        heard.extend(sounds(run) if is_han(run[0]) else segment(run) if run.isalpha() else (run,))
    return tuple(heard)


def _beginning(heard: str) -> str:
    return " ".join(heard.split(" ", 2)[:2])


def _share(part: int, whole: int) -> float:
    return min(1.0, 0.4 + part / max(whole, 1))


def _raise(found: dict[int, float], owner: int, value: float) -> None:
    found[owner] = max(found.get(owner, 0.0), value)
