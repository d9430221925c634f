"""From evidence to likelihood: whether any entry is meant at all, and which one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp

from bot.search.index import Match


@dataclass(frozen=True)
class Calibration:
    """The figures that turn scores into likelihoods.

    ``temperature`` spreads the index's scores, ``naming`` lifts an entry named outright, ``sharpness`` the
    classifier's likelihoods, ``floor`` is what an entry counts that the classifier holds impossible; the rest
    weigh the signs that any entry is meant.
    """

    temperature: float
    naming: float
    sharpness: float
    floor: float
    bias: float
    score: float
    named: float
    known: float
    asking: float

    def as_dict(self) -> dict[str, float]:
        """Give the figures as plain data."""
        return asdict(self)


ALONE = Calibration(0.05, 0.0, 0.0, 1.0, -2.7, 9.0, 2.0, 1.0, 0.0)
"""While no trained model speaks."""

LEARNED = Calibration(1.0, 3.0, 2.0, 1e-4, -19.7, 3.35, 4.3, 1.25, 22.5)
"""With the trained model; fitted on questions held out of its training (README, design notes)."""


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

    ``learned`` are likelihoods by entry of a trained classifier; an entry that it has never seen, because
    it was added since, gets what the index alone gives it, and the others share the rest.
    """
    if not matches:
        return []
    alone = _shares_by_score(matches, ALONE.temperature)
    if learned is None:
        raw = alone
    else:
        unseen = {m.entry: a for m, a in zip(matches, alone, strict=True) if m.entry not in learned}
        seen = 1.0 - sum(unseen.values())
        priors = [unseen.get(m.entry, seen * learned.get(m.entry, 0.0)) for m in matches]
        scored = _shares_by_score(matches, by.temperature)
        lifted = [s * exp(by.naming * m.named) for s, m in zip(scored, matches, strict=True)]
        raw = [s * (by.floor + p) ** by.sharpness for s, p in zip(lifted, priors, strict=True)]
    total = sum(raw)
    ranked = sorted(zip(matches, raw, strict=True), key=lambda pair: -pair[1])
    return [(match, value / total) for match, value in ranked]


def _shares_by_score(matches: Sequence[Match], temperature: float) -> list[float]:
    top = max(m.score for m in matches)
    raw = [exp((m.score - top) / temperature) for m in matches]
    return [value / sum(raw) for value in raw]
