"""From evidence to likelihood: whether any entry is meant at all, and which one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp

from bot.search.index import Match


@dataclass(frozen=True)
class Calibration:
    """The figures that turn scores into likelihoods; the defaults serve until a model brings its own."""

    temperature: float = 0.3
    alone: float = 0.05
    prior: float = 0.001
    bias: float = -4.2
    score: float = 9.0
    named: float = 2.0
    known: float = 1.0
    asking: float = 2.5

    def as_dict(self) -> dict[str, float]:
        """Give the figures as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Evidence:
    """What speaks for a question being ours: the best score, whether an item is named, how much is known."""

    score: float
    named: float
    known: float
    asking: float

    def likelihood(self, by: Calibration) -> float:
        """Give the likelihood, 0 to 1, that some entry is meant."""
        sum_ = (
            by.bias
            + by.score * self.score
            + by.named * self.named
            + by.known * self.known
            + by.asking * self.asking
        )
        return 1.0 / (1.0 + exp(-sum_))


def shares(
    matches: Sequence[Match], learned: Mapping[str, float] | None, by: Calibration
) -> list[tuple[Match, float]]:
    """Give each match its share of the likelihood, summing to one, the largest first.

    ``learned`` are likelihoods by entry of a trained classifier; an entry it has never seen counts
    by the index alone.
    """
    if not matches:
        return []
    top = max(m.score for m in matches)
    heat = by.alone if learned is None else by.temperature
    raw = [exp((m.score - top) / heat) * _prior(m.entry, learned, by.prior) for m in matches]
    total = sum(raw)
    ranked = sorted(zip(matches, raw, strict=True), key=lambda pair: -pair[1])
    return [(match, value / total) for match, value in ranked]


def _prior(entry: str, learned: Mapping[str, float] | None, floor: float) -> float:
    if learned is None:
        return 1.0
    return floor + learned.get(entry, floor)
