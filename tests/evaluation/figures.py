"""What the verdicts come to: shares with their intervals, calibration, scope, handing over, latency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from tests.evaluation.judging import SCORES, Judged, Verdict

Z = 1.959964
"""The standard normal's 97.5% point: intervals hold 95%."""
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001)
OUTSIDE = frozenset({"redirected", "declined"})
"""Outcomes by which a question is said to be none of the bureau's business."""
OUT_SLICES = frozenset({"near_out_of_scope", "far_out_of_scope"})


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; of nothing it is no number."""
        return self.hits / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95%."""
        return wilson(self.hits, self.of)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give the interval that holds the true share with 95% (Wilson 1927, without correction)."""
    if not of:
        return 0.0, 1.0
    share, z2 = hits / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Count:
    """The verdicts of one slice."""

    right: int
    silent: int
    wrong: int

    @classmethod
    def of(cls, turns: Iterable[Judged]) -> Count:
        """Count verdicts."""
        found = [turn.verdict for turn in turns]
        return cls(*(found.count(v) for v in (Verdict.RIGHT, Verdict.SILENT, Verdict.WRONG)))

    @property
    def total(self) -> int:
        """All turns."""
        return self.right + self.silent + self.wrong

    @property
    def score(self) -> float:
        """The mean of +1 for right, 0 for no answer, -2 for wrong."""
        sum_ = self.right * SCORES[Verdict.RIGHT] + self.wrong * SCORES[Verdict.WRONG]
        return sum_ / self.total if self.total else float("nan")

    def share(self, verdict: Verdict) -> Share:
        """Give the share of one verdict."""
        counts = {Verdict.RIGHT: self.right, Verdict.SILENT: self.silent, Verdict.WRONG: self.wrong}
        return Share(counts[verdict], self.total)


def slice_name(turn: Judged) -> str:
    """Give the row of the table that a turn counts in: a dialogue's later turns stand apart."""
    if not turn.dialogue:
        return turn.slice
    return f"dialogue: {turn.slice}" if turn.later else "dialogue: first turns"


def by_slice(turns: Sequence[Judged]) -> dict[str, Count]:
    """Give the counts of each slice, in the order of their names, dialogues last."""
    names = sorted({slice_name(t) for t in turns}, key=lambda n: (n.startswith("dialogue"), n))
    return {name: Count.of(t for t in turns if slice_name(t) == name) for name in names}


def in_scope(turn: Judged) -> bool:
    """Whether the bureau answers the question itself: an answer from an entry is labelled."""
    return "answered" in turn.label.outcomes and frozenset() not in turn.label.entries


def out_of_scope(turn: Judged) -> bool:
    """Whether the question is another authority's, or nobody's here: only that is labelled."""
    return turn.slice in OUT_SLICES and turn.label.outcomes <= OUTSIDE | {"unanswered"}


@dataclass(frozen=True)
class Scope:
    """How well questions of others are told from ours."""

    recognised: Share
    accepted: Share


def scope_of(turns: Sequence[Judged]) -> Scope:
    """Count foreign questions sent elsewhere or refused, and own questions that are neither."""
    foreign = [t for t in turns if out_of_scope(t)]
    ours = [t for t in turns if in_scope(t)]
    kept = sum(t.told.outcome not in OUTSIDE or t.told.outcome in t.label.outcomes for t in ours)
    return Scope(Share(sum(t.told.outcome in OUTSIDE for t in foreign), len(foreign)), Share(kept, len(ours)))


@dataclass(frozen=True)
class HandingOver:
    """Whether staff get a conversation exactly when a person is asked for."""

    asked: Share
    unasked: Share


def handing_over(turns: Sequence[Judged]) -> HandingOver:
    """Count those handed over of who asked for a person, and those left to the bot of all others."""
    asked = [t for t in turns if t.label.outcomes == {"handed_off"}]
    others = [t for t in turns if "handed_off" not in t.label.outcomes]
    given = "handed_off"
    return HandingOver(
        Share(sum(t.told.outcome == given for t in asked), len(asked)),
        Share(sum(t.told.outcome != given for t in others), len(others)),
    )


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence lay between two figures, and how many of them told the right entry."""

    low: float
    high: float
    confidence: float
    right: Share


def calibration(turns: Sequence[Judged]) -> list[Bin]:
    """Give how often the entry that was told was the right one, by how sure the desk said it was.

    The confidence is of the entry; whether the aspect was right too is another matter.
    """
    stated = [t for t in turns if t.told.stated]
    found = []
    for low, high in pairwise(BINS):
        here = [t for t in stated if low <= t.told.confidence < high]
        if here:
            mean = sum(t.told.confidence for t in here) / len(here)
            right = Share(sum("entry" not in t.judgement.faults for t in here), len(here))
            found.append(Bin(low, min(high, 1.0), mean, right))
    return found


def calibration_error(bins: Sequence[Bin]) -> float:
    """Give the expected calibration error: the mean gap of confidence and share of right, by turns."""
    total = sum(b.right.of for b in bins)
    return sum(abs(b.confidence - b.right.value) * b.right.of for b in bins) / total if total else 0.0


@dataclass(frozen=True)
class Cut:
    """What would be told if less than this confidence were kept silent."""

    threshold: float
    coverage: Share
    precise: Share


def coverage(turns: Sequence[Judged], steps: int = 20) -> list[Cut]:
    """Give, for thresholds on the confidence, how much of ours would be told and how much of it rightly."""
    ours = [t for t in turns if in_scope(t) or t.told.states]
    cuts = []
    for step in range(steps + 1):
        threshold = step / steps
        told = [t for t in ours if t.told.states and t.told.confidence >= threshold]
        right = sum(t.verdict is Verdict.RIGHT for t in told)
        cuts.append(Cut(threshold, Share(len(told), len(ours)), Share(right, len(told))))
    return cuts


def not_singled_out(turns: Sequence[Judged]) -> Share:
    """Count those that fail by the aspect alone: the whole entry was told, the facts asked for among it."""
    return Share(sum(t.judgement.faults == ("facets",) and not t.told.facets for t in turns), len(turns))


def percentile(values: Iterable[float], percent: int) -> float:
    """Give the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else float("nan")


def milliseconds(turns: Iterable[Judged], what: Callable[[Judged], float | None]) -> tuple[float, float]:
    """Give median and 95th percentile of a figure in seconds, in milliseconds."""
    values = [v for v in map(what, turns) if v is not None]
    return percentile(values, 50) * 1000, percentile(values, 95) * 1000
