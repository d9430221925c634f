"""How near a question comes to those listed for one entry, aspect by aspect, and to its follow-ups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Facet, Kind, Question
from bot.search.features import pieces
from bot.search.matrix import Floats, Ints, Matrix, Vocabulary

NEAREST = 6
"""So many of the nearest questions have a say on the aspect."""


@dataclass(frozen=True)
class Nearness:
    """How near, 0 to 1, a text comes to questions of one entry.

    ``by_facet`` is the nearest question of each aspect, ``votes`` each aspect's share among the nearest few,
    ``whole`` the nearest question about the entry as a whole, ``follow_up`` the nearest follow-up.
    """

    by_facet: Mapping[Facet, float]
    votes: Mapping[Facet, float]
    whole: float
    follow_up: float


NOTHING = Nearness({}, {}, 0.0, 0.0)


@dataclass(frozen=True)
class Asked:
    """The questions of service items with their aspects, and the follow-ups of all entries.

    An entry's own names are taken out of its questions: what is left is what they ask.
    """

    vocabulary: Vocabulary
    matrix: Matrix
    spans: Mapping[str, tuple[int, int]]
    names: Mapping[str, Ints]
    facets: tuple[tuple[Facet, ...], ...]
    follow_ups: NDArray[np.bool_]

    @classmethod
    def of(cls, catalogue: Catalogue, vocabulary: Vocabulary, clean: Callable[[str], str]) -> Asked:
        """Take the questions of a catalogue; ``clean`` brings them to one way of writing."""
        kept: list[Question] = []
        rows: list[Ints] = []
        spans, names = {}, {}
        for entry in catalogue:
            mine = entry.questions if entry.kind is Kind.SERVICE else entry.follow_ups
            if mine:
                names[entry.id] = own = _of_names(entry, vocabulary, clean)
                spans[entry.id] = len(kept), len(kept) + len(mine)
                kept += mine
                rows += [np.setdiff1d(vocabulary.row(pieces(clean(q.text))), own) for q in mine]
        facets = tuple(q.facets for q in kept)
        follow_ups = np.fromiter((q.follow_up for q in kept), bool, len(kept))
        return cls(
            vocabulary, Matrix.build(rows, _weights(vocabulary, rows)), spans, names, facets, follow_ups
        )

    def near(self, entry: str, clean: str) -> Nearness:
        """Give how near a clean text comes to the questions of an entry."""
        first, last = self.spans.get(entry, (0, 0))
        if first == last:
            return NOTHING
        asked = np.setdiff1d(self.vocabulary.known(pieces(clean)), self.names[entry])
        likeness = self.matrix.similar(asked)[first:last]
        follow_up = float(np.max(likeness, where=self.follow_ups[first:last], initial=0.0))
        by_facet: dict[Facet, float] = {}
        whole = 0.0
        for n, facets in enumerate(self.facets[first:last]):
            like = float(likeness[n])
            for facet in facets:
                by_facet[facet] = max(by_facet.get(facet, 0.0), like)
            whole = whole if facets else max(whole, like)
        return Nearness(by_facet, self._votes(likeness, first), whole, follow_up)

    def _votes(self, likeness: Floats, first: int) -> dict[Facet, float]:
        nearest = np.argsort(-likeness)[:NEAREST]
        total = float((likeness[nearest] ** 2).sum()) or 1.0
        votes: dict[Facet, float] = {}
        for n in nearest:
            for facet in self.facets[first + int(n)]:
                votes[facet] = votes.get(facet, 0.0) + float(likeness[n]) ** 2 / total
        return votes


def _of_names(entry: Entry, vocabulary: Vocabulary, clean: Callable[[str], str]) -> Ints:
    found = [vocabulary.row(pieces(clean(name))) for name in (entry.name, *entry.aliases)]
    return np.unique(np.concatenate(found))


def _weights(vocabulary: Vocabulary, rows: list[Ints]) -> Floats:
    size = len(vocabulary)
    spread = np.bincount(np.concatenate(rows), minlength=size) if rows else np.zeros(size)
    rarity = np.log((len(rows) + 1.0) / (spread + 0.5))
    return np.asarray(np.maximum(rarity, 0.0) * vocabulary.family_weights(), np.float32)
