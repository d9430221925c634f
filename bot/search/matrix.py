"""A small inverted index in arrays: which rows share weighted pieces with a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.vocabulary import Floats, Ints, Vocabulary

__all__ = ["Floats", "Ints", "Matrix", "Vocabulary"]


OFTEN = 0.2
"""A piece that stands in more than this share of the rows is kept as a column of values, one a row."""


@dataclass(frozen=True)
class Matrix:
    """Rows of pieces, by piece: ``rows[starts[p]:starts[p + 1]]`` are the rows that have piece p.

    ``columns`` has the values of the pieces that most rows have: to add a column is quicker than to add its
    rows one by one.
    """

    starts: NDArray[np.int64]
    rows: Ints
    values: Floats
    columns: Mapping[int, Floats]
    weights: Floats
    size: int

    @classmethod
    def build(cls, rows: Sequence[Ints], weights: Floats) -> Matrix:
        """Index the rows; ``weights`` by piece; each row is brought to length one."""
        sizes = np.fromiter((len(r) for r in rows), np.int32, len(rows))
        return cls.of(np.concatenate(rows) if rows else np.zeros(0, np.int32), sizes, weights)

    @classmethod
    def of(cls, pieces: Ints, sizes: Ints, weights: Floats) -> Matrix:
        """Index rows that stand one after the other; ``sizes`` says how many pieces each has."""
        size = len(sizes)
        owner = np.repeat(np.arange(size, dtype=np.int32), sizes)
        squares = np.bincount(owner, weights[pieces] ** 2, minlength=size)
        norms = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
        counts = np.bincount(pieces, minlength=len(weights))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        rows = owner[_by_piece(pieces)]
        values = np.repeat(weights, counts) / norms[rows]
        columns: dict[int, Floats] = {}
        for piece in np.flatnonzero(counts > OFTEN * size).tolist():
            span = slice(starts[piece], starts[piece + 1])
            columns[piece] = np.zeros(size, np.float32)
            columns[piece][rows[span]] = values[span]
        return cls(starts, rows, values, columns, weights, size)

    def similar(self, pieces: Ints) -> Floats:
        """Give for each row the cosine of its pieces with these; 0 where nothing is shared."""
        pieces = pieces[pieces < len(self.weights)]
        norm = float(np.sqrt((self.weights[pieces] ** 2).sum())) or 1.0
        often = [p for p in pieces.tolist() if p in self.columns]
        sums = self._added(pieces[~np.isin(pieces, often)] if often else pieces)
        for piece in often:
            sums += self.columns[piece] * self.weights[piece]
        return (sums / norm).astype(np.float32)

    def _added(self, pieces: Ints) -> NDArray[np.float64]:
        spans = [slice(self.starts[p], self.starts[p + 1]) for p in pieces]
        if not spans:
            return np.zeros(self.size)
        rows = np.concatenate([self.rows[s] for s in spans])
        products, at = np.empty(len(rows)), 0
        for span, weight in zip(spans, self.weights[pieces], strict=True):
            end = at + span.stop - span.start
            products[at:end] = self.values[span] * weight  # one by one: twice as quick as all at once
            at = end
        return np.asarray(np.bincount(rows, products, minlength=self.size), np.float64)


def _by_piece(pieces: Ints) -> NDArray[np.int64]:
    """Give the places of the pieces in ascending order, equal ones as they stand; sixteen bits at a time."""
    order = np.argsort(pieces.astype(np.uint16), kind="stable")
    return np.take(order, np.argsort((pieces >> 16).astype(np.uint16)[order], kind="stable"))
