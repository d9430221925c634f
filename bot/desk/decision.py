"""What is to be done about one message: plain acts, to be worded later."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.desk.context import Context, Offer
from bot.desk.entries import Facet
from bot.desk.messages import Outcome


@dataclass(frozen=True)
class Answer:
    """Tell an entry: the facets asked for, or the overview when none is named."""

    entry: str
    facets: tuple[Facet, ...] = ()
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Redirect:
    """Name the authority whose business it is."""

    body: str
    entry: str | None = None


@dataclass(frozen=True)
class Clarify:
    """Ask which of several entries is meant."""

    entries: tuple[str, ...]
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True)
class ListDocuments:
    """Name documents that fit, the best first; ``more`` wait for the next turn."""

    entries: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandOff:
    """Give the conversation to staff, and why."""

    reason: str
    entry: str | None = None


@dataclass(frozen=True)
class Say:
    """Say a fixed text of ``data/responses``: small talk, a plain not-understood, a polite refusal.

    ``facets`` were asked for without saying of what; the next turn may tell.
    """

    text: str
    facets: tuple[Facet, ...] = ()


Act = Answer | Redirect | Clarify | ListDocuments | HandOff | Say


@dataclass(frozen=True)
class Decision:
    """All acts of one turn, its outcome, how sure it is, and the context after it."""

    acts: tuple[Act, ...]
    outcome: Outcome
    confidence: float
    context: Context
    offers: tuple[Offer, ...] = ()
    why: dict[str, object] = field(default_factory=dict)
