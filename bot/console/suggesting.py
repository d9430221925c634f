"""Answers that the catalogue would give to a question, for staff to edit and send."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.context import Context
from bot.desk.decision import Answer, Decision
from bot.desk.messages import Outcome
from bot.search.live import LiveSearch

MOST = 3
LEAST_SCORE = 0.25


@dataclass(frozen=True)
class Suggestion:
    """A worded answer: the entry it is from, how well that fits the question (0 to 1), and the text.

    ``score`` is 0 for the entry of the handoff itself where the question alone would not find it.
    """

    entry: str
    code: str
    name: str
    score: float
    text: str


def suggestions(search: LiveSearch, question: str, first: str | None = None) -> tuple[Suggestion, ...]:
    """Give the best answers to a question; ``first`` is an entry that is suggested in any case."""
    snapshot = search.snapshot
    reading = search.reader().read(question)
    backwards = [(s, c) for s in reversed(reading.segments) for c in reversed(s.candidates)]
    scored = {candidate.entry: (candidate.score, segment.facets) for segment, candidate in backwards}
    if first and first in snapshot.catalogue.entries:
        scored.setdefault(first, (0.0, ()))
    ranked = sorted(scored, key=lambda key: (key != first, -scored[key][0]))
    found = []
    for key in ranked:
        score, facets = scored[key]
        entry = snapshot.catalogue.get(key)
        if entry is None or (score < LEAST_SCORE and key != first):
            continue
        act = Answer(key, facets)
        told = snapshot.wording.result(Decision((act,), Outcome.ANSWERED, score, Context()), "", {})
        text = "\n\n".join(reply.text for reply in told.replies)
        found.append(Suggestion(key, entry.code, entry.name, score if score >= LEAST_SCORE else 0.0, text))
    return tuple(found[:MOST])
