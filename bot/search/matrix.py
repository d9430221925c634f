"""A small inverted index in arrays: which rows share weighted pieces with a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.features import WEIGHTS

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Indexed:
    """What is kept of one entry between two builds: its wordings, a row for each, all its pieces."""

    wordings: tuple[str, ...]
    rows: tuple[Ints, ...]
    whole: Ints


class Vocabulary:
    """Pieces to numbers; only ever grows, so that rows made earlier stay valid."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._indexed: dict[str, tuple[object, Indexed]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def numbered(self) -> tuple[tuple[str, int], ...]:
        """Give every piece with its number."""
        return tuple(self._ids.items())

    def row(self, pieces: tuple[str, ...]) -> Ints:
        """Give the numbers of the pieces, making new ones as needed."""
        ids = self._ids
        return np.fromiter((ids.setdefault(p, len(ids)) for p in pieces), np.int32, len(pieces))

    def known_as(self, key: str, thing: object, read: Callable[[], Indexed]) -> Indexed:
        """Give what was read of this very thing before, or read it now."""
        kept = self._indexed.get(key)
        if kept is None or kept[0] is not thing:
            self._indexed[key] = kept = (thing, read())
        return kept[1]

    def known(self, pieces: tuple[str, ...]) -> Ints:
        """Give the numbers of those pieces that have one."""
        ids = self._ids
        found = [i for i in map(ids.get, pieces) if i is not None]
        return np.array(found, np.int32)

    def family_weights(self) -> Floats:
        """Give the weight of each piece's family, by number."""
        return np.fromiter((WEIGHTS[p[0]] for p in self._ids), np.float32, len(self._ids))


@dataclass(frozen=True)
class Matrix:
    """Rows of pieces, by piece: ``rows[starts[p]:starts[p + 1]]`` are the rows that have piece p."""

    starts: NDArray[np.int64]
    rows: Ints
    values: Floats
    weights: Floats
    size: int

    @classmethod
    def build(cls, rows: Sequence[Ints], weights: Floats) -> Matrix:
        """Index the rows; ``weights`` by piece; each row is brought to length one."""
        lengths = np.fromiter((len(r) for r in rows), np.int64, len(rows))
        flat = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        owner = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
        squares = np.bincount(owner, weights[flat] ** 2, minlength=len(rows))
        norms = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
        order = np.argsort(flat, kind="stable")
        flat, owner = flat[order], owner[order]
        starts = np.searchsorted(flat, np.arange(len(weights) + 1))
        return cls(starts, owner, weights[flat] / norms[owner], weights, len(rows))

    def similar(self, pieces: Ints) -> Floats:
        """Give for each row the cosine of its pieces with these; 0 where nothing is shared."""
        pieces = pieces[pieces < len(self.weights)]
        weights = self.weights[pieces]
        norm = float(np.sqrt((weights**2).sum())) or 1.0
        spans = [slice(self.starts[p], self.starts[p + 1]) for p in pieces]
        if not spans:
            return np.zeros(self.size, np.float32)
        rows = np.concatenate([self.rows[s] for s in spans])
        counts = np.fromiter((s.stop - s.start for s in spans), np.int64, len(spans))
        values = np.concatenate([self.values[s] for s in spans]) * np.repeat(weights, counts)
        return (np.bincount(rows, values, minlength=self.size) / norm).astype(np.float32)
