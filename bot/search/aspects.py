"""Which aspects of a service item are asked for.

The classifier has a say, the item's facts themselves, and the questions that are listed for the item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.entries import Facet
from bot.search.asked import NOTHING, Asked, Nearness
from bot.search.facts import Facts
from bot.search.weighing import likelihood, odds

FIGURES = (
    "bias", "learned", "likeliest", "told", "most_told", "near", "nearest", "votes", "most_votes", "whole"
)  # fmt: skip
"""The figures of ``aspects`` in ``data/nlu/calibration.yml``."""
ASKED = 0.35
"""From this likelihood on an aspect is told."""
IN_PART = 0.5
"""From this likelihood on an aspect that one part of a message asks for is told beside those of the whole."""
LIKELIEST = 0.25
"""The likeliest aspect is told from this likelihood on, if no other is."""
POINTS = 0.1
"""A fact that holds less of the question points nowhere."""


@dataclass(frozen=True)
class Aspects:
    """Judges the aspects of one catalogue's service items."""

    facts: Facts
    listed: Asked
    figures: Mapping[str, float]

    def asked(
        self, clean: str, entry: str | None, learned: Mapping[Facet, float], part: bool = False
    ) -> tuple[Facet, ...]:
        """Give the aspects of ``entry`` that a clean text asks for, the likeliest first.

        Without an entry the classifier's likelihoods decide alone. Of a ``part`` of a message more is
        wanted: it may only tell the circumstances.
        """
        told = self.facts.pointed_at(entry, clean) if entry else {}
        near = self.listed.near(entry, clean) if entry else NOTHING
        likely = {facet: self._likely(aspect_row(facet, learned, told, near)) for facet in learned}
        asked = [f for f in likely if likely[f] >= (IN_PART if part else ASKED)]
        if not asked and likely and not part:
            best = max(likely, key=lambda f: likely[f])
            asked = [best] if likely[best] >= LIKELIEST else []
        return tuple(sorted(asked, key=lambda f: -likely[f]))

    def _likely(self, row: tuple[float, ...]) -> float:
        return likelihood((self.figures[name] for name in FIGURES), row)


def aspect_row(
    facet: Facet, learned: Mapping[Facet, float], told: Mapping[Facet, float], near: Nearness
) -> tuple[float, ...]:
    """Give the values that the figures of ``FIGURES`` weigh; ``told`` is what the facts point to."""
    likely, share = learned[facet], told.get(facet, 0.0)
    like, votes = near.by_facet.get(facet, 0.0), near.votes.get(facet, 0.0)
    return (
        1.0,
        odds(likely, 1e-2),
        float(likely >= max(learned.values())),
        share,
        _most(share, told),
        like,
        _most(like, near.by_facet),
        votes,
        _most(votes, near.votes),
        near.whole,
    )


def _most(value: float, all_: Mapping[Facet, float]) -> float:
    return float(value > POINTS and value >= max(all_.values(), default=0.0))
