"""What a conversation remembers from turn to turn: little, but enough for a question without a subject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

KEPT = 5


@dataclass(frozen=True)
class Offer:
    """One thing that was offered as a button: its title, and what a tap on it means."""

    title: str
    entry: str | None = None
    facets: tuple[str, ...] = ()
    act: str | None = None


@dataclass(frozen=True)
class Context:
    """The state between two turns. ``entry`` is talked about, ``trail`` was before it, the latest first.

    ``shown`` are the entries of the list last shown, which 「第一个」 still means some turns later.
    """

    entry: str | None = None
    facets: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    pending_facets: tuple[str, ...] = ()
    misses: int = 0
    shown: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def talked_about(self) -> tuple[str, ...]:
        """The entries that were talked about, the latest first."""
        return (self.entry, *self.trail) if self.entry else self.trail

    def about(self, entry: str, facets: tuple[str, ...]) -> Context:
        """Give the context after ``entry`` was answered."""
        older = [self.entry, *self.trail] if self.entry != entry else list(self.trail)
        trail = tuple(dict.fromkeys(e for e in older if e and e != entry))[:KEPT]
        return replace(self, entry=entry, facets=facets, trail=trail, misses=0, pending_facets=())

    def as_dict(self) -> dict[str, Any]:
        """Give the context as plain data; what is empty is left out."""
        data: dict[str, Any] = {
            "entry": self.entry,
            "facets": list(self.facets),
            "trail": list(self.trail),
            "offers": [
                {"title": o.title, "entry": o.entry, "facets": list(o.facets), "act": o.act}
                for o in self.offers
            ],
            "pending_facets": list(self.pending_facets),
            "misses": self.misses,
            "shown": list(self.shown),
            "more": list(self.more),
        }
        return {key: value for key, value in data.items() if value}

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> Context:
        """Build the context from what ``as_dict`` gave; anything unreadable starts afresh."""
        try:
            return _read(data or {})
        except (TypeError, ValueError, KeyError, AttributeError):
            return cls()


def _read(data: dict[str, Any]) -> Context:
    offers = tuple(
        Offer(str(o["title"]), o.get("entry"), tuple(o.get("facets", ())), o.get("act"))
        for o in data.get("offers", ())
    )
    return Context(
        entry=data.get("entry"),
        facets=tuple(data.get("facets", ())),
        trail=tuple(data.get("trail", ())),
        offers=offers,
        pending_facets=tuple(data.get("pending_facets", ())),
        misses=int(data.get("misses", 0)),
        shown=tuple(data.get("shown", ())),
        more=tuple(data.get("more", ())),
    )
