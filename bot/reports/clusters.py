"""Puts unanswered questions that are alike together, so that the most frequent gaps are seen first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.search.normalise import normalise

ALIKE = 0.5  # share of the pairs of characters of two questions that both have


@dataclass
class Cluster:
    """Questions that are alike. ``example`` is the first of them, masked; ``None``: texts were deleted."""

    example: str | None
    enquiries: list[int] = field(default_factory=list)


def clusters(questions: Iterable[tuple[int, str | None]]) -> list[Cluster]:
    """Give the clusters, the largest first. Every question is in exactly one, so that they sum to the whole.

    A question joins the cluster whose example it is most like, if it is like enough; else it begins one.
    """
    found: list[Cluster] = []
    pairs_of: list[frozenset[str]] = []
    having: dict[str, list[int]] = defaultdict(list)
    deleted = Cluster(None)
    for enquiry, text in questions:
        if not text:
            deleted.enquiries.append(enquiry)
            continue
        pairs = frozenset(_pairs(normalise(text)))
        place = _nearest(pairs, pairs_of, having)
        if place is None:
            place = len(found)
            found.append(Cluster(text))
            pairs_of.append(pairs)
            for pair in pairs:
                having[pair].append(place)
        found[place].enquiries.append(enquiry)
    if deleted.enquiries:
        found.append(deleted)
    return sorted(found, key=lambda c: (-len(c.enquiries), c.enquiries[0]))


def _nearest(pairs: frozenset[str], known: list[frozenset[str]], having: dict[str, list[int]]) -> int | None:
    shared = Counter(place for pair in pairs for place in having.get(pair, ()))
    best, likeness = None, 0.0
    for place, common in sorted(shared.items()):
        share = common / (len(pairs) + len(known[place]) - common)
        if share > likeness:
            best, likeness = place, share
    return best if likeness >= ALIKE else None


def _pairs(text: str) -> Iterator[str]:
    """Give the pairs of neighbouring characters; a text of one character is its own pair."""
    if len(text) < 2:
        yield text
    yield from (text[n : n + 2] for n in range(len(text) - 1))
