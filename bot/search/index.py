"""The live index: every name, alias, question and fact of the catalogue, and what a question matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry
from bot.search.features import abbreviation, pieces
from bot.search.matrix import Floats, Indexed, Ints, Matrix, Vocabulary
from bot.search.names import Names
from bot.search.normalise import normalise
from bot.search.spelling import Spelling

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
    """The index of one catalogue version."""

    ids: tuple[str, ...]
    numbers: Mapping[str, int]
    wordings: tuple[str, ...]
    owners: NDArray[np.int32]
    surface: Matrix
    whole: Matrix
    names: Names
    vocabulary: Vocabulary

    @classmethod
    def build(cls, catalogue: Catalogue, vocabulary: Vocabulary | None = None) -> Index:
        """Index every entry of the catalogue; give the last index's vocabulary to build faster."""
        vocabulary = Vocabulary() if vocabulary is None else vocabulary
        entries = list(catalogue)
        known = [vocabulary.known_as(e.id, e, _reader_of(vocabulary, e)) for e in entries]
        wordings = [(w, n) for n, indexed in enumerate(known) for w in indexed.wordings]
        rows = [row for indexed in known for row in indexed.rows]
        wholes = [indexed.whole for indexed in known]
        weights = _weights(vocabulary, wholes)
        return cls(
            ids=tuple(e.id for e in entries),
            numbers={e.id: n for n, e in enumerate(entries)},
            wordings=tuple(w for w, _ in wordings),
            owners=np.fromiter((n for _, n in wordings), np.int32, len(wordings)),
            surface=Matrix.build(rows, weights),
            whole=Matrix.build(wholes, weights),
            names=Names.of({n: (e.name, *e.aliases) for n, e in enumerate(entries)}),
            vocabulary=vocabulary,
        )

    def look_up(self, text: str, limit: int = 8, also: Iterable[str] = ()) -> list[Match]:
        """Give the entries that a normalised text may mean, the likeliest first.

        ``also`` are weighed in any case.
        """
        known = self.vocabulary.known(pieces(text))
        known = known[known < len(self.surface.weights)]
        if not len(known) or not self.ids:
            return []
        nearness = self.surface.similar(known)
        best = _best_of(nearness, self.owners, len(self.ids))
        whole = self.whole.similar(known)
        rough = 0.6 * best + 0.4 * whole
        top = np.argpartition(-rough, min(limit, len(rough) - 1))[:limit]
        named = self.names.within(text)
        chosen = dict.fromkeys([int(n) for n in top if rough[n] > 0])
        chosen.update(dict.fromkeys(named))
        chosen.update(dict.fromkeys(self.numbers[e] for e in also if e in self.numbers))
        matches = [self._match(n, nearness, whole, named.get(n, 0.0)) for n in chosen]
        return sorted(matches, key=lambda m: -m.score)

    @cached_property
    def spelling(self) -> Spelling:
        """What is likely to be written, counted in the wordings when it is first asked for."""
        spans = np.diff(self.surface.starts)
        numbered = ((piece, n) for piece, n in self.vocabulary.numbered() if n < len(spans))
        return Spelling.of({piece: int(spans[n]) for piece, n in numbered if piece[0] in "12w"})

    def side_by_side(self, text: str) -> tuple[str, ...]:
        """Give the entries that a normalised text names one after the other."""
        return tuple(self.ids[n] for n in self.names.side_by_side(text))

    def known_share(self, text: str) -> float:
        """Give the share, 0 to 1, of a normalised text's pieces that stand anywhere in the catalogue."""
        all_ = pieces(text)
        if not all_:
            return 0.0
        known = self.vocabulary.known(all_)
        known = known[known < len(self.surface.weights)]  # the next index may be growing the vocabulary
        return float(np.count_nonzero(self.surface.weights[known] > 0)) / len(all_)

    def _match(self, n: int, nearness: Floats, whole: Floats, named: float) -> Match:
        first, last = np.searchsorted(self.owners, [n, n + 1])
        mine = nearness[first:last]
        top = np.sort(mine)[::-1][:5]
        wording = self.wordings[first + int(mine.argmax())]
        return Match(self.ids[n], float(top[0]), float(top.mean()), float(whole[n]), named, wording)


def _wordings(entry: Entry) -> Iterator[str]:
    yield normalise(entry.name)
    yield from (normalise(a) for a in entry.aliases)
    yield from (normalise(q.text) for q in entry.openings)
    if not entry.openings and entry.summary:
        yield normalise(entry.summary)


def _row(wording: str) -> tuple[str, ...]:
    short = abbreviation(wording)
    return (*pieces(wording), short) if short else pieces(wording)


def told(entry: Entry) -> Iterator[str]:
    """Give every sentence that the entry tells, and the names of its legal bases."""
    if entry.summary:
        yield entry.summary
    for facts in (*entry.facets.values(), entry.facts, entry.cautions):
        yield from (f.text for f in facts)
    yield from (b.document for b in entry.basis)


def _reader_of(vocabulary: Vocabulary, entry: Entry) -> Callable[[], Indexed]:
    """Give what reads one entry: its wordings, a row for each, and all its pieces."""

    def read() -> Indexed:
        wordings = tuple(_wordings(entry))
        rows = tuple(vocabulary.row(_row(w)) for w in wordings)
        facts = (vocabulary.row(pieces(normalise(t))) for t in told(entry))
        return Indexed(wordings, rows, np.unique(np.concatenate([*rows, *facts])))

    return read


def _weights(vocabulary: Vocabulary, wholes: list[Ints]) -> Floats:
    size = len(vocabulary)
    spread = np.bincount(np.concatenate(wholes), minlength=size) if wholes else np.zeros(size)
    rarity = np.log((len(wholes) + 1.0) / (spread + 0.5))
    rarity[spread > max(4, COMMON * len(wholes))] *= 0.15
    rarity[spread == 0] = 0.0
    weights: Floats = (np.maximum(rarity, 0.0) * vocabulary.family_weights()).astype(np.float32)
    return weights


def _best_of(values: Floats, owners: NDArray[np.int32], size: int) -> Floats:
    firsts = np.searchsorted(owners, np.arange(size))
    return np.asarray(np.maximum.reduceat(values, firsts), np.float32)
