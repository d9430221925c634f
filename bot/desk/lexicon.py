"""The small words of the language, as data: what people say for each facet, and signs of a turn's shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.desk.entries import Facet, Kind, Question


@dataclass(frozen=True)
class Lexicon:
    """Phrases by what they are a sign of; all are normalised text.

    ``variants`` are words of other regions with ours, ``letters`` words of Latin letters, taken only whole;
    ``figures`` say how the signs are weighed (``bot/search/evidence.py``); ``next`` is what people ask of an
    entry of a kind while it is talked about, without naming it, ``answered_by`` which entry of the kind
    answers such a question where the one talked about does not.
    """

    facets: Mapping[Facet, tuple[str, ...]]
    signs: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    variants: Mapping[str, str]
    letters: Mapping[str, str]
    figures: Mapping[str, Mapping[str, float]]
    next: Mapping[Kind, tuple[Question, ...]] = field(default_factory=dict)
    answered_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def said(self, sign: str, text: str) -> bool:
        """Say whether the text holds one of the sign's phrases."""
        return any(phrase in text for phrase in self.signs.get(sign, ()))
