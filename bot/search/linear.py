"""A linear classifier over the pieces of a text, applied without the library that trained it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from sys import intern

import numpy as np
from numpy.typing import NDArray

from bot.search.features import pieces


@dataclass(frozen=True)
class Linear:
    """Weights by piece and label. ``exclusive`` labels share one likelihood (softmax), others stand alone."""

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    scale: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    exclusive: bool

    def likelihoods(self, text: str) -> dict[str, float]:
        """Give the likelihood of each label for a clean text."""
        found = [row for row in map(self.rows.get, pieces(text)) if row is not None]
        values = self.scale[found]
        norm = float(np.sqrt((values**2).sum())) or 1.0
        sums = (values / norm) @ self.weights[found].astype(np.float32) + self.bias
        likely = _softmax(sums) if self.exclusive else 1.0 / (1.0 + np.exp(-sums))
        return dict(zip(self.labels, likely.tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write the classifier to one file, without anything that runs code when read."""
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            pieces=np.frombuffer("\n".join(self.rows).encode(), np.uint8),
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
                # A piece stands in several classifiers: the same text is kept once.
                rows={intern(p): n for n, p in enumerate(saved["pieces"].tobytes().decode().split("\n"))},
                scale=saved["scale"],
                weights=saved["weights"],
                bias=saved["bias"],
                exclusive=bool(saved["exclusive"]),
            )


def _softmax(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(sums - sums.max())
    return np.asarray(powers / powers.sum(), np.float32)
