"""Which aspect of a service item a question's own words stand in: the facts themselves point to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Facet, Kind
from bot.search.features import pieces
from bot.search.normalise import normalise

FAMILIES = ("2", "w")
"""Pairs of characters, and words of letters or digits; single characters are too common to point anywhere."""


@dataclass(frozen=True)
class Facts:
    """The pieces of every fact, by entry and facet, and how rare each piece is among all facts."""

    pieces: Mapping[str, tuple[tuple[Facet, frozenset[str]], ...]]
    names: Mapping[str, frozenset[str]]
    rarity: Mapping[str, float]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Facts:
        """Take the facts of all service items."""
        items = [e for e in catalogue if e.kind is Kind.SERVICE]
        facts = {e.id: tuple(_facts(e)) for e in items}
        spread = Counter(p for told in facts.values() for _, fact in told for p in fact)
        size = sum(map(len, facts.values()))
        rarity = {p: log((size + 1) / (n + 0.5)) for p, n in spread.items()}
        return cls(facts, {e.id: _of_names(e) for e in items}, rarity)

    def pointed_at(self, entry: str, clean: str) -> dict[Facet, float]:
        """Give for each facet of the entry the share, 0 to 1, of a clean text that one of its facts holds.

        The entry's own name counts for nothing. A piece that stands in no fact counts as a common one.
        """
        asked = _counted(clean) - self.names.get(entry, frozenset())
        weight = {p: self.rarity.get(p, 1.0) for p in asked}
        total = sum(weight.values())
        found: dict[Facet, float] = {}
        for facet, fact in self.pieces.get(entry, ()) if total else ():
            share = sum(weight[p] for p in asked & fact) / total
            found[facet] = max(found.get(facet, 0.0), share)
        return found


def _facts(entry: Entry) -> Iterable[tuple[Facet, frozenset[str]]]:
    for facet, facts in entry.facets.items():
        yield from ((facet, _counted(normalise(fact.text))) for fact in facts)
    yield from ((Facet.BASIS, _counted(normalise(b.document + (b.note or "")))) for b in entry.basis)


def _of_names(entry: Entry) -> frozenset[str]:
    return frozenset(p for name in (entry.name, *entry.aliases) for p in _counted(normalise(name)))


def _counted(text: str) -> frozenset[str]:
    return frozenset(p for p in pieces(text) if p[0] in FAMILIES)
