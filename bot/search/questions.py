"""Cuts a message into clauses, and judges whether two of them ask about two different matters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

MOST_CLAUSES = 4
"""A message of more clauses tells a story."""
LIKELY = 0.4
"""A clause whose own entry is less sure than this asks nothing of its own."""
TWO = ("bias", "above_third", "apart", "first", "second", "asking", "named")
"""The figures of ``two_questions`` in ``data/nlu/calibration.yml``."""
_TINY = 1e-4
_MARKS = re.compile(r"[,，、;；?？!！。\n]")
_WORDED = re.compile(r"[\u3400-\u9fffa-z]{2}")


@dataclass(frozen=True)
class Clause:
    """A part of a message: its text, the entry it would mean alone and how surely, and whether it asks."""

    text: str
    entry: str | None
    sure: float
    asks: bool
    named: bool


def clauses(text: str, joiners: re.Pattern[str], lists: bool) -> list[str]:
    """Cut a clean text at its marks and joining words; ``lists`` cuts at 和、跟、与、及 too."""
    pieces = (p for piece in _MARKS.split(text) for p in joiners.split(piece))
    if lists:
        pieces = (p for piece in pieces for p in re.split(r"[和跟与及]", piece))
    return [p.strip() for p in pieces if _WORDED.search(p)]


def two_matters(
    parts: Sequence[Clause], whole: Mapping[str, float], figures: Mapping[str, float]
) -> tuple[tuple[str, str] | None, float]:
    """Give the two entries that the clauses ask about, and how likely it is that both are meant.

    ``whole`` are the likelihoods of all entries for the whole text: of two matters each leaves its trace
    there, where a clause that only tells the circumstances leaves little.
    """
    pair = surest(parts)
    if pair is None:
        return None, 0.0
    sum_ = sum(figures[name] * value for name, value in zip(TWO, two_row(*pair, whole), strict=True))
    return (str(pair[0].entry), str(pair[1].entry)), 1.0 / (1.0 + exp(-sum_))


def surest(parts: Sequence[Clause]) -> tuple[Clause, Clause] | None:
    """Give the two clauses that are surest of two different entries, if there are two."""
    best: dict[str, Clause] = {}
    for part in parts:
        if part.entry and part.sure >= LIKELY and part.sure > _sure(best.get(part.entry)):
            best[part.entry] = part
    if len(best) < 2:
        return None
    first, second = sorted(best.values(), key=lambda c: -c.sure)[:2]
    return first, second


def two_row(one: Clause, other: Clause, whole: Mapping[str, float]) -> tuple[float, ...]:
    """Give the values that the figures of ``TWO`` weigh."""
    best = {str(one.entry): one, str(other.entry): other}
    pair = tuple(best)
    more, less = sorted(pair, key=lambda e: -whole.get(e, 0.0))
    third = max((v for e, v in whole.items() if e not in pair), default=0.0)
    low, high = log(whole.get(less, 0.0) + _TINY), log(whole.get(more, 0.0) + _TINY)
    return (
        1.0,
        low - log(third + _TINY),
        high - low,
        _odds(best[more].sure),
        _odds(best[less].sure),
        float(best[more].asks) + float(best[less].asks),
        float(best[more].named) + float(best[less].named),
    )


def _sure(clause: Clause | None) -> float:
    return clause.sure if clause else 0.0


def _odds(likely: float) -> float:
    return log((likely + 1e-3) / (1.0 - likely + 1e-3))
