"""The vocabulary of an index: a number for each piece, in arrays instead of strings."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.codes import DIGEST, FAMILIES, SHIFT, Codes, code
from bot.search.features import WEIGHTS

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
_MOST_LOOSE = 4096
"""So many single pieces are kept beside the sorted ones before they are sorted in."""


@dataclass(frozen=True)
class _Sorted:
    codes: Codes
    numbers: Ints

    def find(self, codes: Codes) -> Ints:
        """Give the number of each code, -1 for those that are not there."""
        if not len(self.codes):
            return np.full(len(codes), -1, np.int32)
        at = np.searchsorted(self.codes, codes)
        at[at == len(self.codes)] = 0
        return np.where(self.codes[at] == codes, self.numbers[at], np.int32(-1)).astype(np.int32, copy=False)

    def joined(self, codes: Codes, numbers: Ints) -> _Sorted:
        """Give it with more codes; none of them may be there."""
        order = np.argsort(codes)
        at = np.searchsorted(self.codes, codes[order])
        return _Sorted(np.insert(self.codes, at, codes[order]), np.insert(self.numbers, at, numbers[order]))


class Vocabulary:
    """Pieces to numbers; only ever grows, so that rows made earlier stay valid. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sorted = _Sorted(np.zeros(0, np.uint64), np.zeros(0, np.int32))
        self._loose: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._sorted.codes) + len(self._loose)

    def row(self, pieces: Iterable[str]) -> Ints:
        """Give the numbers of distinct pieces, making new ones as needed."""
        codes = np.fromiter(map(code, pieces), np.uint64)
        with self._lock:
            numbers = self.find(codes)
            for at in np.flatnonzero(numbers < 0):
                numbers[at] = self._loose.setdefault(int(codes[at]), len(self))
            if len(self._loose) > _MOST_LOOSE:
                self._sort_in()
        return numbers

    def add(self, codes: Codes) -> Ints:
        """Give the numbers of distinct codes, making new ones as needed; for many at once."""
        with self._lock:
            self._sort_in()
            numbers = self._sorted.find(codes)
            new = np.flatnonzero(numbers < 0)
            if len(new):
                numbers[new] = np.arange(len(self), len(self) + len(new), dtype=np.int32)
                self._sorted = self._sorted.joined(codes[new], numbers[new])
        return numbers

    def known(self, pieces: Iterable[str]) -> Ints:
        """Give the numbers of those pieces that have one."""
        return self.known_codes(np.fromiter(map(code, pieces), np.uint64))

    def known_codes(self, codes: Codes) -> Ints:
        """Give the numbers of those codes that have one, in their order."""
        numbers = self.find(codes)
        return np.extract(numbers >= 0, numbers)

    def find(self, codes: Codes) -> Ints:
        """Give the number of each code, -1 for those that have none."""
        loose = self._loose  # before the sorted ones: what is moved in between is then found in either
        numbers = self._sorted.find(codes)
        if loose:
            for at in np.flatnonzero(numbers < 0):
                numbers[at] = loose.get(int(codes[at]), -1)
        return numbers

    def codes(self) -> Codes:
        """Give the code of every piece, by number."""
        with self._lock:
            self._sort_in()
            kept = self._sorted
        found = np.empty(len(kept.codes), np.uint64)
        found[kept.numbers] = kept.codes
        return found

    def family_weights(self) -> Floats:
        """Give the weight of each piece's family, by number."""
        return np.take(_FAMILY_WEIGHTS, (self.codes() >> np.uint64(SHIFT)).astype(np.int64))

    def _sort_in(self) -> None:
        loose = self._loose
        if loose:
            codes = np.fromiter(loose.keys(), np.uint64, len(loose))
            self._sorted = self._sorted.joined(codes, np.fromiter(loose.values(), np.int32, len(loose)))
            self._loose = {}


_FAMILY_WEIGHTS = np.array([WEIGHTS.get(f, 0.0) for f in FAMILIES] + [WEIGHTS["w"]], np.float32)
assert len(_FAMILY_WEIGHTS) == DIGEST + 1
