"""From evidence to likelihood: which entry is meant, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from bot.search.index import Match
from bot.search.weighing import likelihood, odds, weighed

TINY = 1e-6
"""What is added to a likelihood before its logarithm is taken."""
SPREAD = 0.05
"""How far the index's own scores lie apart, while no trained model speaks."""
ALONE = {"bias": -2.7, "score": 9.0, "named": 2.0, "known": 1.0}
"""How far the index alone can be trusted: for entries that are newer than the model, and without a model."""

RANKING = ("learned", "nearest", "near", "whole", "named")
TRUST = (
    "bias", "margin", "learned", "nearest", "whole", "named", "asking", "off_topic", "elsewhere", "known"
)  # fmt: skip


@dataclass(frozen=True)
class Calibration:
    """The figures of ``data/nlu/calibration.yml``, in the order of ``RANKING`` and ``TRUST``."""

    ranking: tuple[float, ...]
    trust: tuple[float, ...]

    @classmethod
    def of(cls, figures: Mapping[str, Mapping[str, float]]) -> Calibration:
        """Build it from the file's content; the loader has seen to it that every figure is there."""
        ranking, trust = figures["ranking"], figures["trust"]
        return cls(tuple(ranking[n] for n in RANKING), tuple(trust[n] for n in TRUST))


@dataclass(frozen=True)
class Signs:
    """What a text shows as a whole: how likely it is a question for a bureau, idle, for another authority.

    ``known`` is the share of its pieces that stand anywhere in the catalogue.
    """

    asking: float
    off_topic: float
    elsewhere: float
    known: float


Ranked = list[tuple[Match, float]]


def shares_alone(matches: Sequence[Match]) -> Ranked:
    """Give each match its share by the index alone, summing to one, the largest first."""
    values = _softmax([m.score / SPREAD for m in matches])
    return sorted(zip(matches, values, strict=True), key=lambda pair: -pair[1])


def shares(matches: Sequence[Match], learned: Mapping[str, float], by: Calibration) -> Ranked:
    """Give each match its share of the likelihood, summing to one, the largest first.

    ``learned`` are likelihoods by entry of a trained classifier; an entry that it has never seen, because
    it was added since, gets what the index alone gives it, and the others share the rest.
    """
    alone = dict(shares_alone(matches))
    unseen = {m.entry: share for m, share in alone.items() if m.entry not in learned}
    seen = 1.0 - sum(unseen.values())
    priors = [unseen.get(m.entry, seen * learned.get(m.entry, 0.0)) for m in matches]
    values = _softmax([weighed(by.ranking, ranking_row(m, p)) for m, p in zip(matches, priors, strict=True)])
    return sorted(zip(matches, values, strict=True), key=lambda pair: -pair[1])


def trust_alone(ranked: Ranked, known: float) -> float:
    """Give the likelihood that some entry is meant, by the index alone."""
    score = min(1.0, max(m.score for m, _ in ranked))
    named = max(m.named for m, _ in ranked)
    return likelihood(ALONE.values(), (1.0, score, named, known))


def trust(ranked: Ranked, learned: Mapping[str, float], signs: Signs, by: Calibration) -> float:
    """Give the likelihood, 0 to 1, that the first of the ranked is what is meant."""
    return likelihood(by.trust, trust_row(ranked, learned, signs))


def trust_row(ranked: Ranked, learned: Mapping[str, float], signs: Signs) -> tuple[float, ...]:
    """Give the values that the figures of ``TRUST`` weigh."""
    best, share = ranked[0]
    return (
        1.0,
        log((share + TINY) / (1.0 - share + 1e-4)),
        log(learned.get(best.entry, 0.0) + TINY),
        best.nearest,
        best.whole,
        best.named,
        odds(signs.asking),
        signs.off_topic,
        signs.elsewhere,
        signs.known,
    )


def ranking_row(match: Match, prior: float) -> tuple[float, ...]:
    """Give the values that the figures of ``RANKING`` weigh; ``prior`` is the classifier's likelihood."""
    return (log(prior + TINY), match.nearest, match.near, match.whole, match.named)


def _softmax(sums: Sequence[float]) -> list[float]:
    top = max(sums)
    powers = [exp(s - top) for s in sums]
    return [p / sum(powers) for p in powers]
