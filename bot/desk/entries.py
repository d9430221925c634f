"""What a catalogue entry is: the types that every answer is worded from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Kind(str, Enum):
    """The family of an entry; also the name of its folder under ``data/catalogue``."""

    SERVICE = "services"
    DISCLOSURE = "disclosure"
    HOTLINE = "hotline"
    DOCUMENT = "documents"
    BRIEFING = "briefings"
    CONTACT = "contacts"


class Status(str, Enum):
    """Where an item stands today."""

    CURRENT = "current"
    PERIODIC = "periodic"
    SUPERSEDED = "superseded"
    TRANSFERRED = "transferred"
    HISTORICAL = "historical"
    CANCELLED = "cancelled"


class ReviewState(str, Enum):
    """How far an entry has come: only ``reviewed`` is served, ``sample`` where samples are allowed."""

    DRAFT = "draft"
    SAMPLE = "sample"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


class Facet(str, Enum):
    """One aspect of a service item."""

    BASIS = "basis"
    CONDITIONS = "conditions"
    MATERIALS = "materials"
    STEPS = "steps"
    TIME_LIMIT = "time_limit"
    FEE = "fee"
    SECTION = "section"
    CONTACT = "contact"
    WINDOW = "window"
    ONLINE = "online"


@dataclass(frozen=True)
class Fact:
    """One statement that may be told.

    ``elsewhere`` names the place where the statement holds when it is not known to hold at this
    bureau; ``past`` marks a rule that no longer applies; ``as_of`` says when it was true or published.
    """

    text: str
    sources: tuple[str, ...] = ()
    elsewhere: str | None = None
    past: bool = False
    as_of: str | None = None


@dataclass(frozen=True)
class Basis:
    """A legal basis: the document, its number, and the article that says it."""

    document: str
    number: str | None = None
    article: str | None = None
    note: str | None = None
    sources: tuple[str, ...] = ()
    elsewhere: str | None = None
    past: bool = False


@dataclass(frozen=True)
class Review:
    """Who (by post) checked the entry, for secrecy too, and when."""

    state: ReviewState
    by: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Moved:
    """Where a superseded, transferred, historical or cancelled item went."""

    text: str
    body: str | None = None
    entry: str | None = None


@dataclass(frozen=True)
class Publication:
    """The particulars of a published document or briefing; ``None`` is unknown."""

    doc_no: str | None = None
    index_no: str | None = None
    publisher: str | None = None
    published: str | None = None
    category: str | None = None
    own: bool = False


@dataclass(frozen=True)
class Handling:
    """How the bureau treats a hotline topic: ours or not, who takes it, whether a person must."""

    kind: str
    in_scope: str
    route: str
    body: str | None = None
    sensitive: bool = False


@dataclass(frozen=True)
class Premise:
    """A frequent wrong belief: the phrases that show it, and what is said first to put it right."""

    said: tuple[str, ...]
    correction: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A way people put the question, and the facets it asks for when they are known.

    A follow-up does not name the entry: it is asked while the entry is talked about, and tells of itself
    nothing about which entry is meant.
    """

    text: str
    facets: tuple[Facet, ...] = ()
    follow_up: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing the bureau can answer about. A facet that is absent or ``None`` is not published."""

    id: str
    code: str
    kind: Kind
    name: str
    status: Status
    review: Review
    summary: str | None = None
    status_note: str | None = None
    aliases: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    basis: tuple[Basis, ...] = ()
    facets: dict[Facet, tuple[Fact, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    cautions: tuple[Fact, ...] = ()
    premises: tuple[Premise, ...] = ()
    section: str | None = None
    moved: Moved | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    see_also: tuple[str, ...] = ()
    publication: Publication | None = None
    handling: Handling | None = None
    sources: tuple[str, ...] = ()
    internal_note: str | None = None

    @property
    def openings(self) -> tuple[Question, ...]:
        """The questions that tell which entry is meant."""
        return tuple(q for q in self.questions if not q.follow_up)

    @property
    def follow_ups(self) -> tuple[Question, ...]:
        """The questions asked while the entry is talked about."""
        return tuple(q for q in self.questions if q.follow_up)

    def served(self, today: date, samples: bool) -> bool:
        """Say whether the entry may be told on ``today``; ``samples`` admits unreviewed samples."""
        if self.effective_from and today < self.effective_from:
            return False
        if self.effective_to and today > self.effective_to:
            return False
        state = self.review.state
        return state is ReviewState.REVIEWED or (samples and state is ReviewState.SAMPLE)
