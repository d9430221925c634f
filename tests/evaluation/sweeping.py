"""What other thresholds would come to: each figure of the decision is varied alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from bot.desk.decide import Thresholds
from tests.evaluation.asking import evaluate
from tests.evaluation.desks import QuickDesk
from tests.evaluation.figures import Count
from tests.evaluation.questions import Case

FACTORS = (0.6, 0.8, 1.0, 1.2, 1.4)


@dataclass(frozen=True)
class Swept:
    """One threshold at one value, and what all turns came to with it."""

    name: str
    value: float
    default: float
    count: Count


def sweep(desk: QuickDesk, cases: Sequence[Case], names: Sequence[str] = ()) -> Iterator[Swept]:
    """Vary each named threshold, or all of them."""
    usual = Thresholds()
    for field in fields(Thresholds):
        if names and field.name not in names:
            continue
        default = getattr(usual, field.name)
        for value in dict.fromkeys(round(min(default * factor, 0.99), 3) for factor in FACTORS):
            tried = desk.with_thresholds(replace(usual, **{field.name: value}))
            yield Swept(field.name, value, default, Count.of(evaluate(tried, cases)))
