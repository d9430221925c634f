"""The live index: every name, alias, question and fact of the catalogue, and what a question matches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.desk.catalogue import Catalogue
from bot.search.codes import MOST_SIGNS, coded, family_of, piece_of
from bot.search.entries import Entries, told
from bot.search.matrix import Matrix
from bot.search.names import Names
from bot.search.spelling import FEWEST, Spelling
from bot.search.vocabulary import Floats, Ints, Vocabulary

__all__ = ["Index", "Match", "told"]

_LONG_WORD = re.compile(rf"[a-z]{{{MOST_SIGNS + 1},}}")
SEVERAL = -1
"""Stands for the entry of a wording that several entries list."""
COMMON = 0.35
"""A piece that stands in more than this share of the entries says nothing about which one is meant."""


@dataclass(frozen=True)
class Match:
    """What speaks for one entry: the nearest wording, the nearest five, the whole entry, its name."""

    entry: str
    nearest: float
    near: float
    whole: float
    named: float
    wording: str

    @property
    def score(self) -> float:
        """One figure for the evidence, about 0 to 1."""
        return 0.42 * self.nearest + 0.22 * self.near + 0.36 * self.whole + 0.25 * self.named


@dataclass(frozen=True)
class Index:
    """The index of one catalogue version; the wordings of entry n begin at ``firsts[n]``.

    ``read`` are the pieces of all entries, single characters in the order in which they were read.
    """

    ids: tuple[str, ...]
    numbers: dict[str, int]
    wordings: tuple[str, ...]
    firsts: NDArray[np.int64]
    read: Ints
    surface: Matrix
    whole: Matrix
    names: Names
    vocabulary: Vocabulary
    entries: Entries

    @classmethod
    def build(cls, catalogue: Catalogue, before: Index | None = None) -> Index:
        """Index every entry of the catalogue; give the last index to read only what has changed."""
        vocabulary = before.vocabulary if before else Vocabulary()
        entries = before.entries if before else Entries(vocabulary)
        known = entries.read(list(catalogue))
        wholes, sizes = _joined([i.whole for i in known])
        weights = _weights(vocabulary, wholes, len(known))
        counts = [len(i.wordings) for i in known]
        return cls(
            ids=tuple(e.id for e in catalogue),
            numbers={e.id: n for n, e in enumerate(catalogue)},
            wordings=tuple(w for i in known for w in i.wordings),
            firsts=np.cumsum([0, *counts], dtype=np.int64),
            read=wholes,
            surface=Matrix.of(
                _joined([i.rows for i in known])[0], _joined([i.sizes for i in known])[0], weights
            ),
            whole=Matrix.of(wholes, sizes, weights),
            names=Names.of(i.names for i in known),
            vocabulary=vocabulary,
            entries=entries,
        )

    def look_up(self, text: str, limit: int = 8, also: Iterable[str] = ()) -> list[Match]:
        """Give the entries that a normalised text may mean, the likeliest first.

        ``also`` are weighed in any case.
        """
        known = self._known(text)
        if not len(known) or not self.ids:
            return []
        nearness = self.surface.similar(known)
        whole = self.whole.similar(known)
        rough = 0.6 * np.maximum.reduceat(nearness, self.firsts[:-1]) + 0.4 * whole
        top = np.argpartition(-rough, min(limit, len(rough) - 1))[:limit]
        named = self.names.within(text)
        chosen = dict.fromkeys([int(n) for n in top if rough[n] > 0])
        chosen.update(dict.fromkeys(named))
        chosen.update(dict.fromkeys(self.numbers[e] for e in also if e in self.numbers))
        matches = [self._match(n, nearness, whole, named.get(n, 0.0)) for n in chosen]
        return sorted(matches, key=lambda m: -m.score)

    @cached_property
    def spelling(self) -> Spelling:
        """What is likely to be written, counted in the wordings when it is first asked for.

        Of single characters that are equally frequent the one that is read first comes first.
        """
        codes = self.vocabulary.codes()[: len(self.surface.weights)]
        families, read = family_of(codes), self.read
        first = np.full(len(codes), len(read))
        first[read[::-1]] = np.arange(len(read))[::-1]
        spans = np.diff(self.surface.starts)
        counted = Counter(word for w in self.wordings for word in set(_LONG_WORD.findall(w)))
        told = {f"w{word}": n for word, n in counted.items()}
        for family, fewest in (("1", 0), ("2", FEWEST), ("w", FEWEST)):
            at = np.flatnonzero((families == family) & (spans >= fewest) & (first < len(read)))
            at = at[np.argsort(first[at], kind="stable")]
            told |= {piece_of(int(codes[n])): int(spans[n]) for n in at}
        return Spelling.of(told)

    @cached_property
    def listed(self) -> Mapping[str, str]:
        """The entry of each wording that stands in one entry only."""
        found: dict[str, int] = {}
        for n in range(len(self.ids)):
            for wording in self.wordings[self.firsts[n] : self.firsts[n + 1]]:
                found[wording] = n if found.get(wording, n) == n else SEVERAL
        return {wording: self.ids[n] for wording, n in found.items() if n != SEVERAL}

    def side_by_side(self, text: str) -> tuple[str, ...]:
        """Give the entries that a normalised text names one after the other."""
        return tuple(self.ids[n] for n in self.names.side_by_side(text))

    def known_share(self, text: str) -> float:
        """Give the share, 0 to 1, of a normalised text's pieces that stand anywhere in the catalogue."""
        pieces = coded(text)
        if not len(pieces):
            return 0.0
        return float(np.count_nonzero(self.surface.weights[self._known(text)] > 0)) / len(pieces)

    def _known(self, text: str) -> Ints:
        known = self.vocabulary.known_codes(coded(text))
        return np.extract(
            known < len(self.surface.weights), known
        )  # the next index may be growing the vocabulary

    def _match(self, n: int, nearness: Floats, whole: Floats, named: float) -> Match:
        first, last = self.firsts[n], self.firsts[n + 1]
        mine = nearness[first:last]
        top = np.sort(mine)[::-1][:5]
        wording = self.wordings[first + int(mine.argmax())]
        return Match(self.ids[n], float(top[0]), float(top.mean()), float(whole[n]), named, wording)


def _joined(arrays: list[Ints]) -> tuple[Ints, Ints]:
    """Give the arrays one after the other, and how long each is."""
    sizes = np.fromiter(map(len, arrays), np.int32, len(arrays))
    return np.concatenate(arrays) if arrays else np.zeros(0, np.int32), sizes


def _weights(vocabulary: Vocabulary, wholes: Ints, size: int) -> Floats:
    families = vocabulary.family_weights()
    spread = np.bincount(wholes, minlength=len(families))
    rarity = np.log((size + 1.0) / (spread + 0.5))
    rarity[spread > max(4, COMMON * size)] *= 0.15
    rarity[spread == 0] = 0.0
    weights: Floats = (np.maximum(rarity, 0.0) * families).astype(np.float32)
    return weights
