"""Whether a question is about what was talked about, or about something of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from bot.search.weighing import likelihood, odds

FIGURES = (
    "bias", "nearer", "other", "other_named", "here_named", "subject", "follow_up", "aspect", "length",
    "asking", "told", "bare", "next", "asks", "certain"
)  # fmt: skip
"""The figures of ``leaning`` in ``data/nlu/calibration.yml``."""
LONG_SUBJECT = 10
LONG_TEXT = 30
"""Characters; more than these count no more."""
CERTAIN = 0.9
"""From here on another entry is meant, as far as its own words go."""
BARE = 2
"""Characters of a subject that say nothing."""
_TINY = 1e-5


@dataclass(frozen=True)
class Lean:
    """What speaks for and against: shares and names of the entry talked about and of the best other one.

    ``subject`` is what is left of the text without aspects and habit words, ``aspect`` how likely any aspect
    is asked for, ``told`` the share of the text that a fact of the entry talked about holds, ``next`` how
    near the text comes to what is asked next about it, ``asks`` whether it is worded as a question.
    """

    here: float
    here_named: bool
    other: float
    other_named: bool
    other_sure: float
    subject: str
    text: str
    follow_up: bool
    aspect: float
    asking: float
    told: float
    next: float
    asks: bool

    def likelihood(self, figures: Mapping[str, float]) -> float:
        """Give the likelihood, 0 to 1, that what was talked about is meant."""
        return likelihood((figures[name] for name in FIGURES), self.row())

    def row(self) -> tuple[float, ...]:
        """Give the values that the figures weigh."""
        return (
            1.0,
            log(self.here + _TINY) - log(self.other + _TINY),
            odds(self.other_sure),
            float(self.other_named),
            float(self.here_named),
            min(len(self.subject), LONG_SUBJECT) / LONG_SUBJECT,
            float(self.follow_up),
            self.aspect,
            min(len(self.text), LONG_TEXT) / LONG_TEXT,
            odds(self.asking),
            self.told,
            float(len(self.subject) <= BARE),
            self.next,
            float(self.asks),
            float(self.other_sure >= CERTAIN),
        )
