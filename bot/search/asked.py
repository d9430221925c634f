"""How near a question comes to those listed for one entry, aspect by aspect, and to what is asked next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Facet, Kind, Question
from bot.search.codes import coded
from bot.search.entries import rows_of
from bot.search.matrix import Floats, Ints, Matrix, Vocabulary

NEAREST = 6
"""So many of the nearest questions have a say on the aspect."""
RECENT = 256
"""So many answers are kept at most."""
Span = tuple[int, int]


@dataclass(frozen=True)
class Nearness:
    """How near, 0 to 1, a text comes to questions of one entry.

    ``by_facet`` is the nearest question of each aspect, ``votes`` each aspect's share among the nearest few,
    ``whole`` the nearest question about the entry as a whole, ``follow_up`` the nearest follow-up, ``own``
    the nearest one that is listed for this very entry.
    """

    by_facet: Mapping[Facet, float]
    votes: Mapping[Facet, float]
    whole: float
    follow_up: float
    own: float


NOTHING = Nearness({}, {}, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Asked:
    """The questions of service items with their aspects, the follow-ups of all entries and of all kinds.

    An entry's own names are taken out of its questions: what is left is what they ask. ``spans`` says which
    rows are an entry's own, ``kinds`` which are those of a kind, ``table`` which aspects a row asks for;
    ``names`` fills as entries are asked about.
    """

    catalogue: Catalogue
    vocabulary: Vocabulary
    clean: Callable[[str], str]
    matrix: Matrix
    spans: Mapping[str, Span]
    kinds: Mapping[Kind, Span]
    names: dict[str, Ints]
    table: NDArray[np.bool_]
    follow_ups: NDArray[np.bool_]
    recent: dict[tuple[str, str], Nearness]

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        following: Mapping[Kind, Sequence[Question]],
        vocabulary: Vocabulary,
        clean: Callable[[str], str],
    ) -> Asked:
        """Take the questions of a catalogue, and by kind what is asked next of any entry.

        ``clean`` brings them to one way of writing.
        """
        kept: list[Question] = []
        rows: list[Ints] = []

        def take(questions: Sequence[Question], names: Ints) -> Span:
            first = len(kept)
            kept.extend(questions)
            told = rows_of([clean(q.text) for q in questions], vocabulary)
            rows.extend(np.setdiff1d(row, names) for row in told)
            return first, len(kept)

        nothing = np.zeros(0, np.int32)
        kinds = {
            k: take([replace(q, follow_up=True) for q in asked], nothing) for k, asked in following.items()
        }
        spans, names = {}, {}
        for entry in catalogue:
            mine = entry.questions if entry.kind is Kind.SERVICE else entry.follow_ups
            if mine:
                names[entry.id] = own = _of_names(entry, vocabulary, clean)
                spans[entry.id] = take(mine, own)
        table = np.array([[f in q.facets for f in Facet] for q in kept], bool).reshape(len(kept), len(Facet))
        follow_ups = np.fromiter((q.follow_up for q in kept), bool, len(kept))
        matrix = Matrix.build(rows, rarity(vocabulary, rows))
        return cls(catalogue, vocabulary, clean, matrix, spans, kinds, names, table, follow_ups, {})

    def near(self, entry: str, clean: str) -> Nearness:
        """Give how near a clean text comes to the questions of an entry; a turn asks this several times."""
        found = self.recent.get((entry, clean))
        if found is None:
            if len(self.recent) >= RECENT:
                self.recent.clear()
            found = self.recent[entry, clean] = self._near(entry, clean)
        return found

    def _near(self, entry: str, clean: str) -> Nearness:
        known = self.catalogue.get(entry)
        spans = (self.spans.get(entry, (0, 0)), self.kinds.get(known.kind, (0, 0)) if known else (0, 0))
        rows = np.r_[slice(*spans[0]), slice(*spans[1])]
        if known is None or not len(rows):
            return NOTHING
        names = self.names.get(entry)
        if names is None:
            names = self.names[entry] = _of_names(known, self.vocabulary, self.clean)
        asked = np.setdiff1d(self.vocabulary.known_codes(coded(clean)), names)
        likeness = self.matrix.similar(asked)[rows]
        follow_up = float(np.max(likeness, where=self.follow_ups[rows], initial=0.0))
        mine = slice(spans[0][1] - spans[0][0])
        own = float(np.max(likeness[mine], where=self.follow_ups[rows[mine]], initial=0.0))
        asking = self.table[rows]
        nearest = (likeness[:, None] * asking).max(axis=0).tolist()
        by_facet = dict(zip(Facet, nearest, strict=True))
        whole = float(np.max(likeness, where=~asking.any(axis=1), initial=0.0))
        return Nearness(by_facet, self._votes(likeness, rows), whole, follow_up, own)

    def _votes(self, likeness: Floats, rows: NDArray[np.int_]) -> dict[Facet, float]:
        nearest = np.argsort(-likeness)[:NEAREST]
        total = float((likeness[nearest] ** 2).sum()) or 1.0
        votes = (likeness[nearest].astype(float) ** 2 / total) @ self.table[rows[nearest]]
        return dict(zip(Facet, votes.tolist(), strict=True))


def _of_names(entry: Entry, vocabulary: Vocabulary, clean: Callable[[str], str]) -> Ints:
    names = [clean(name) for name in (entry.name, *entry.aliases)]
    return np.asarray(np.unique(np.concatenate(list(rows_of(names, vocabulary)))), np.int32)


def rarity(vocabulary: Vocabulary, rows: list[Ints]) -> Floats:
    """Give the weight of each piece: the rarer among the rows, the heavier."""
    size = len(vocabulary)
    spread = np.bincount(np.concatenate(rows), minlength=size) if rows else np.zeros(size)
    rarity = np.log((len(rows) + 1.0) / (spread + 0.5))
    return np.asarray(np.maximum(rarity, 0.0) * vocabulary.family_weights(), np.float32)
