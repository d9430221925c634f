"""What was understood of one message, before anything is decided."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from bot.desk.entries import Facet

LAST, MIDDLE = -1, 0
"""Places in a list that are named without a number."""


class Want(str, Enum):
    """What the person wants; the intents that are trained."""

    SERVICE = "ask_service"
    DISCLOSURE = "ask_disclosure"
    HOTLINE = "ask_hotline"
    DOCUMENT = "ask_document"
    CONTACT = "ask_contact"
    STATUS = "ask_status"
    PERSON = "ask_person"
    GREET = "greet"
    THANKS = "thanks"
    BYE = "bye"
    ABOUT_BOT = "about_bot"
    ABUSE = "abuse"
    AFFIRM = "affirm"
    DENY = "deny"
    CHAT = "chat"
    ELSEWHERE = "other_authority"
    OFF_TOPIC = "out_of_scope"
    NONSENSE = "nonsense"
    UNKNOWN = "nlu_fallback"


SMALL_TALK = frozenset(
    {Want.GREET, Want.THANKS, Want.BYE, Want.ABOUT_BOT, Want.ABUSE, Want.CHAT, Want.AFFIRM, Want.DENY}
)
ASKING = frozenset({Want.SERVICE, Want.DISCLOSURE, Want.HOTLINE, Want.DOCUMENT, Want.CONTACT})


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant: how sure (0 to 1), and the wording that spoke for it."""

    entry: str
    score: float
    wording: str = ""
    named: bool = False


@dataclass(frozen=True)
class Segment:
    """One question of a message.

    ``body`` is another authority that its words name; ``readable`` tells that it looks like language at
    all, ``bare`` that nothing is left of it without aspect and habit words, ``named`` holds the
    aspects that its words name outright. ``leans`` is how likely it is
    about what was talked about, if that is known, and ``facets_here`` what it then asks for;
    ``answered_by`` is the entry beside it that answers this where it does not.
    """

    text: str
    candidates: tuple[Candidate, ...] = ()
    facets: tuple[Facet, ...] = ()
    want: Want = Want.UNKNOWN
    sure: float = 0.0
    body: str | None = None
    body_score: float = 0.0
    readable: bool = False
    bare: bool = False
    named: tuple[Facet, ...] = ()
    leans: float | None = None
    facets_here: tuple[Facet, ...] = ()
    answered_by: str | None = None

    @property
    def best(self) -> Candidate | None:
        """The likeliest entry."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True)
class Reading:
    """What was understood of a whole message: its questions, and signs that lean on what was said before.

    ``choice`` is a number picked from a list and nothing else, ``place`` one that is named by the way.
    """

    text: str
    segments: tuple[Segment, ...]
    choice: int | None = None
    place: int | None = None
    signs: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Give the reading as plain data, for transport and for the explanation."""
        data = asdict(self)
        data["signs"] = sorted(self.signs)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reading:
        """Build the reading from what ``as_dict`` gave, before or after a way through JSON."""
        segments = tuple(_segment(s) for s in data["segments"])
        return cls(
            data["text"], segments, data.get("choice"), data.get("place"), frozenset(data.get("signs", ()))
        )


def _segment(data: dict[str, Any]) -> Segment:
    plain = dict(data)
    plain["candidates"] = tuple(Candidate(**c) for c in data["candidates"])
    plain["facets"] = tuple(Facet(f) for f in data["facets"])
    plain["named"] = tuple(Facet(f) for f in data.get("named", ()))
    plain["facets_here"] = tuple(Facet(f) for f in data.get("facets_here", ()))
    plain["want"] = Want(data["want"])
    return Segment(**plain)
