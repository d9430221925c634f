"""How signs are weighed: figures times values, brought to a likelihood."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log


def likelihood(figures: Iterable[float], values: Iterable[float]) -> float:
    """Give the likelihood, 0 to 1, that figures and values come to (the logistic function of their sum)."""
    return 1.0 / (1.0 + exp(-weighed(figures, values)))


def weighed(figures: Iterable[float], values: Iterable[float]) -> float:
    """Give the sum of the values, each times its figure; there must be as many of either."""
    return sum(figure * value for figure, value in zip(figures, values, strict=True))


def odds(likely: float, least: float = 1e-3) -> float:
    """Give the logarithm of the odds of a likelihood; ``least`` keeps it finite at 0 and 1."""
    return log((likely + least) / (1.0 - likely + least))
