"""A linear classifier over the pieces of a text, applied without the library that trained it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.codes import Codes, coded


@dataclass(frozen=True)
class Linear:
    """Weights by piece and label. ``exclusive`` labels share one likelihood (softmax), others stand alone.

    ``codes`` are the pieces' numbers in ascending order; the rows of ``scale`` and ``weights`` are theirs.
    """

    labels: tuple[str, ...]
    codes: Codes
    scale: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    exclusive: bool

    def likelihoods(self, text: str) -> dict[str, float]:
        """Give the likelihood of each label for a clean text."""
        found = self.rows(coded(text))
        values = self.scale[found]
        norm = float(np.sqrt((values**2).sum())) or 1.0
        sums = (values / norm) @ self.weights[found].astype(np.float32) + self.bias
        likely = _softmax(sums) if self.exclusive else 1.0 / (1.0 + np.exp(-sums))
        return dict(zip(self.labels, likely.tolist(), strict=True))

    def rows(self, codes: Codes) -> NDArray[np.int64]:
        """Give the rows of those pieces that the training had, in their order."""
        at = np.searchsorted(self.codes, codes)
        at[at == len(self.codes)] = 0
        return at[self.codes[at] == codes] if len(self.codes) else at[:0]

    def save(self, path: Path) -> None:
        """Write the classifier to one file, without anything that runs code when read."""
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            codes=self.codes,
            scale=self.scale,
            weights=self.weights,
            bias=self.bias,
            exclusive=np.array(self.exclusive),
        )

    @classmethod
    def load(cls, path: Path) -> Linear:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            return cls(
                labels=tuple(map(str, saved["labels"])),
                codes=saved["codes"],
                scale=saved["scale"],
                weights=saved["weights"],
                bias=saved["bias"],
                exclusive=bool(saved["exclusive"]),
            )


def _softmax(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(sums - sums.max())
    return np.asarray(powers / powers.sum(), np.float32)
