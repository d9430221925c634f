"""Cuts a message into clauses, and judges whether two of them ask about two different matters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.search.weighing import likelihood, odds

MOST_CLAUSES = 4
"""A message of more clauses tells a story."""
LIKELY = 0.4
"""A clause whose own entry is less sure than this asks nothing of its own."""
TWO = ("bias", "above_third", "apart", "first", "second", "asking", "named", "leans")
"""The figures of ``two_questions`` in ``data/nlu/calibration.yml``."""
_TINY = 1e-4
_MARKS = re.compile(r"[,，、;；?？!！。\n]|(?<=[\u3400-\u9fff]{3}) (?=[\u3400-\u9fff]{3})")
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


def both_meant(
    pair: tuple[Clause, Clause], leans: float, whole: Mapping[str, float], figures: Mapping[str, float]
) -> float:
    """Give how likely it is, 0 to 1, that the entries of both clauses are meant.

    ``leans`` is how likely the second is about the first one's entry, as when it were asked next;
    ``whole`` are the likelihoods of all entries for the whole text: of two matters each leaves its trace
    there, where a clause that only tells the circumstances leaves little.
    """
    return likelihood((figures[name] for name in TWO), two_row(*pair, leans, whole))


def surest(parts: Sequence[Clause]) -> tuple[Clause, Clause] | None:
    """Give the two clauses that are surest of two different entries, in their order, if there are two."""
    best: dict[str, Clause] = {}
    for part in parts:
        if part.entry and part.sure >= LIKELY and part.sure > _sure(best.get(part.entry)):
            best[part.entry] = part
    if len(best) < 2:
        return None
    two = sorted(best.values(), key=lambda c: -c.sure)[:2]
    first, second = sorted(two, key=parts.index)
    return first, second


def two_row(one: Clause, other: Clause, leans: float, whole: Mapping[str, float]) -> tuple[float, ...]:
    """Give the values that the figures of ``TWO`` weigh."""
    more, less = sorted((one, other), key=lambda clause: -whole.get(str(clause.entry), 0.0))
    third = max((v for e, v in whole.items() if e not in (one.entry, other.entry)), default=0.0)
    low, high = (log(whole.get(str(clause.entry), 0.0) + _TINY) for clause in (less, more))
    return (
        1.0,
        low - log(third + _TINY),
        high - low,
        odds(more.sure),
        odds(less.sure),
        float(more.asks) + float(less.asks),
        float(more.named) + float(less.named),
        leans,
    )


def _sure(clause: Clause | None) -> float:
    return clause.sure if clause else 0.0
