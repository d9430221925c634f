"""A small inverted index in arrays: which rows share weighted pieces with a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.vocabulary import Floats, Ints, Vocabulary

__all__ = ["Floats", "Ints", "Matrix", "Vocabulary"]


@dataclass(frozen=True)
class Matrix:
    """Rows of pieces, row by row and piece by piece.

    ``rows[starts[p]:starts[p + 1]]`` are the rows that have piece p, ``pieces[bounds[r]:bounds[r + 1]]`` the
    pieces of row r, ``norms`` the lengths of the rows, ``weights`` those of the pieces.
    """

    starts: NDArray[np.int64]
    rows: Ints
    bounds: NDArray[np.int64]
    pieces: Ints
    norms: Floats
    weights: Floats

    @classmethod
    def build(cls, rows: Sequence[Ints], weights: Floats) -> Matrix:
        """Index the rows; ``weights`` by piece; each row is brought to length one."""
        sizes = np.fromiter((len(r) for r in rows), np.int32, len(rows))
        return cls.of(np.concatenate(rows) if rows else np.zeros(0, np.int32), sizes, weights)

    @classmethod
    def of(cls, pieces: Ints, sizes: Ints, weights: Floats) -> Matrix:
        """Index rows that stand one after the other; ``sizes`` says how many pieces each has."""
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
        owner = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        squares = np.bincount(owner, weights[pieces] ** 2, minlength=len(sizes))
        norms = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
        starts = np.zeros(len(weights) + 1, np.int64)
        np.cumsum(np.bincount(pieces, minlength=len(weights)), out=starts[1:])
        return cls(starts, owner[_by_piece(pieces)], bounds, pieces, norms, weights)

    @property
    def size(self) -> int:
        """Give the number of rows."""
        return len(self.norms)

    def similar(self, pieces: Ints) -> Floats:
        """Give for each row the cosine of its pieces with these; 0 where nothing is shared."""
        pieces = pieces[pieces < len(self.weights)]
        if not len(pieces):
            return np.zeros(self.size, np.float32)
        sums, norm = self.products(pieces), self.length(pieces)
        return (sums / norm).astype(np.float32)

    def products(self, pieces: Ints) -> NDArray[np.float64]:
        """Give for each row the sum over the shared pieces, each weighed on both sides."""
        spans = [slice(self.starts[p], self.starts[p + 1]) for p in pieces]
        rows = np.concatenate([self.rows[s] for s in spans]) if spans else np.zeros(0, np.int32)
        counts = np.fromiter((s.stop - s.start for s in spans), np.int64, len(spans))
        weights = np.repeat(self.weights[pieces], counts)
        products = weights / self.norms[rows] * weights
        return np.asarray(np.bincount(rows, products, minlength=self.size), np.float64)

    def length(self, pieces: Ints) -> float:
        """Give the length of a query."""
        return float(np.sqrt((self.weights[pieces] ** 2).sum())) or 1.0


def _by_piece(pieces: Ints) -> NDArray[np.int64]:
    """Give the places of the pieces in ascending order, equal ones as they stand; sixteen bits at a time."""
    order = np.argsort(pieces.astype(np.uint16), kind="stable")
    return np.take(order, np.argsort((pieces >> 16).astype(np.uint16)[order], kind="stable"))
