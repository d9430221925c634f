"""Which aspects of a service item are asked for: the classifier has a say, and the facts themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.entries import Facet
from bot.search.facts import Facts
from bot.search.weighing import likelihood, odds

FIGURES = ("bias", "learned", "likeliest", "told", "most_told")
"""The figures of ``aspects`` in ``data/nlu/calibration.yml``."""
ASKED = 0.35
"""From this likelihood on an aspect is told."""
LIKELIEST = 0.25
"""The likeliest aspect is told from this likelihood on, if no other is."""
POINTS = 0.1
"""A fact that holds less of the question points nowhere."""


@dataclass(frozen=True)
class Aspects:
    """Judges the aspects of one catalogue's service items."""

    facts: Facts
    figures: Mapping[str, float]

    def asked(self, clean: str, entry: str | None, learned: Mapping[Facet, float]) -> tuple[Facet, ...]:
        """Give the aspects of ``entry`` that a clean text asks for, the likeliest first.

        Without an entry the classifier's likelihoods decide alone.
        """
        told = self.facts.pointed_at(entry, clean) if entry else {}
        likely = {facet: self._likely(facet, learned, told) for facet in learned}
        asked = [f for f in likely if likely[f] >= ASKED]
        if not asked and likely:
            best = max(likely, key=lambda f: likely[f])
            asked = [best] if likely[best] >= LIKELIEST else []
        return tuple(sorted(asked, key=lambda f: -likely[f]))

    def _likely(self, facet: Facet, learned: Mapping[Facet, float], told: Mapping[Facet, float]) -> float:
        row = aspect_row(facet, learned, told)
        return likelihood((self.figures[name] for name in FIGURES), row)


def aspect_row(
    facet: Facet, learned: Mapping[Facet, float], told: Mapping[Facet, float]
) -> tuple[float, ...]:
    """Give the values that the figures of ``FIGURES`` weigh; ``told`` is what the facts point to."""
    likely, share = learned[facet], told.get(facet, 0.0)
    most = max(told.values(), default=0.0)
    return (
        1.0,
        odds(likely, 1e-2),
        float(likely >= max(learned.values())),
        share,
        float(share > POINTS and share >= most),
    )
