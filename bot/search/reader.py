"""Reads a message: its questions, the number or place it picks from a list, and the signs of its turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Facet
from bot.desk.reading import LAST, MIDDLE, Candidate, Reading, Segment
from bot.search.index import Index
from bot.search.phrases import Phrases
from bot.search.questions import MOST_CLAUSES, both_meant, surest
from bot.search.segments import WANT_OF, Seen, Segments, Trained, looks_worded

MOST = 3
"""More questions than this in one message are not answered at once."""
STRONG = 0.55
BOTH = 0.5
"""From this likelihood on, two clauses are taken for two questions."""
SAME = 0.6
"""From this likelihood on, the second clause asks more about the matter of the first."""
SIGNS = (
    "follow_up", "instead", "correction", "back", "more", "other_than", "own_case", "deal", "publication"
)  # fmt: skip
MOST_REST = 3
"""Characters beside the words that ask of a document; more are about something else."""
LONGEST_PLACE = 18
"""Characters; in a longer text 「第二个」 is part of a story."""
_NUMBER = re.compile(
    r"(?:我?选|要|就|第)*\s*([0-9]{1,2}|[一二两三四五六七八九十])\s*(?:个|项|条|号|吧|,|。|\.)*"
)
_PLACE = re.compile(r"(?:第|头)([0-9]{1,2}|[一二两三四五六七八九十])(?:个|份|篇|项|件|样)")
_LAST = re.compile(r"(?:最后|末尾|最末)(?:那|这)?一?(?:个|份|篇|项|件|条)")
_DENIED = re.compile(
    r"(?<!是)(?:不是问?|不想|不问|先?不说|别说|别管)(?![说讲指])([^,。;!?]{2,14}?)(?=而?是(?!不)|[,。;!]|$)"
)
_THIS = ("这个", "那个", "这事", "那事", "这些", "那些")
_ASKING = "吗么嘛吧呢"
_MIDDLE = re.compile(r"中间(?:那|这)?一?(?:个|份|篇|项|件|条)")


class Reader:
    """Reads messages against one catalogue version; without ``trained`` the index alone speaks."""

    def __init__(
        self, catalogue: Catalogue, index: Index, phrases: Phrases, trained: Trained | None = None
    ) -> None:
        self._index = index
        self._phrases = phrases
        self._trained = trained
        self._segments = Segments(catalogue, index, phrases, trained)
        self._figures = phrases.lexicon.figures["two_questions"]

    def read(self, text: str, about: Sequence[str] = ()) -> Reading:
        """Give what can be understood of the text; ``about`` was talked about before, the latest first."""
        clean = self._undenied(self._segments.plain(text), about)
        segments = self._several(self._segments.look(clean, about))
        return Reading(clean, segments, self._choice(clean), self._place(clean), self._signs(clean))

    def _undenied(self, clean: str, about: Sequence[str]) -> str:
        """Take out what is said not to be meant: 「不是宽带,是信号」 asks about the one, not the other."""
        for found in _DENIED.finditer(clean):
            what, rest = found.group(1), clean[: found.start()] + clean[found.end() :]
            if what[-1] not in _ASKING and looks_worded(rest) and self._denied(what, rest, bool(about)):
                return rest.strip(",。;! ")
        return clean

    def _denied(self, what: str, rest: str, later: bool) -> bool:
        named = bool(self._index.names.within(what)) or what in _THIS
        if later:
            return named or self._phrases.lexicon.said("meant", rest)
        return named and bool(self._index.names.within(rest))

    def _several(self, whole: Seen) -> tuple[Segment, ...]:
        """Cut a message with two questions; a story with one question stays whole."""
        clean = whole.text
        if self._segments.listed(whole):
            return (self._segments.judge(whole),)
        parts = self._phrases.clauses(clean)
        if 2 <= len(parts) <= MOST_CLAUSES:
            segments = self._two(whole, [self._segments.read(p) for p in parts])
            if segments:
                return segments
        named = self._segments.numbered(whole)
        if len(named) < 2:
            named = self._index.side_by_side(clean)
        if len(named) > 1 and not self._phrases.lexicon.said("comparing", clean):
            segment = self._segments.judge(whole)
            return tuple(_only(segment, entry) for entry in named[:MOST])
        return (self._with_all_aspects(self._segments.judge(whole), parts, whole.about),)

    def _with_all_aspects(self, segment: Segment, parts: list[str], about: Sequence[str]) -> Segment:
        """Add what single clauses ask of the one matter: 「材料有哪些,要不要专利」."""
        if not 2 <= len(parts) <= MOST_CLAUSES:
            return segment
        entry = segment.best.entry if segment.best else None
        here = about[0] if about and segment.leans is not None else None
        return replace(
            segment,
            facets=self._all_aspects(segment.facets, parts, entry),
            facets_here=self._all_aspects(segment.facets_here, parts, here),
        )

    def _all_aspects(
        self, facets: tuple[Facet, ...], parts: list[str], entry: str | None
    ) -> tuple[Facet, ...]:
        asked = (facet for part in parts for facet in self._segments.aspects(part, entry))
        return tuple(dict.fromkeys((*facets, *asked)))[:MOST]

    def _two(self, whole: Seen, read: list[Segment]) -> tuple[Segment, ...]:
        parts = [self._segments.as_clause(s) for s in read]
        if not self._trained:
            asked = dict.fromkeys(str(p.entry) for p in parts if p.asks and p.sure >= STRONG)
            return _gathered(read, tuple(asked)) if len(asked) > 1 else ()
        pair = surest(parts)
        if pair is None:
            return ()
        leans = self._segments.leans_on(pair[1].text, str(pair[0].entry))
        if leans >= SAME:
            return ()
        both = both_meant(pair, leans, whole.learned or {}, self._figures)
        return _gathered(read, (str(pair[0].entry), str(pair[1].entry))) if both >= BOTH else ()

    def _signs(self, clean: str) -> frozenset[str]:
        said = {s for s in SIGNS if self._phrases.lexicon.said(s, clean)}
        return frozenset(said | ({"publication_only"} if self._only_publication(clean) else set()))

    def _only_publication(self, clean: str) -> bool:
        """Say whether nothing else is asked than a document's number, title or date."""
        rest = clean
        for phrase in self._phrases.lexicon.signs["publication"]:
            rest = rest.replace(phrase, "")
        return rest != clean and len(self._phrases.subject(rest).replace(" ", "")) <= MOST_REST

    def _choice(self, clean: str) -> int | None:
        """Give the number chosen from a list, if nothing else is said: 「2」「选3」「最后一个」."""
        if re.fullmatch(rf"(?:要|选|就)*{_LAST.pattern}吧?", clean):
            return LAST
        found = _NUMBER.fullmatch(clean)
        return self._number(found.group(1)) if found else None

    def _place(self, clean: str) -> int | None:
        """Give the place in a list that a question names by the way: 「头一个是谁发的」."""
        if len(clean) > LONGEST_PLACE:
            return None
        if _LAST.search(clean):
            return LAST
        if _MIDDLE.search(clean):
            return MIDDLE
        found = _PLACE.search(clean)
        return self._number(found.group(1)) if found else None

    def _number(self, digit: str) -> int | None:
        return int(digit) if digit.isdigit() else self._phrases.lexicon.numbers.get(digit)


def _gathered(read: list[Segment], matters: tuple[str, ...]) -> tuple[Segment, ...]:
    """Put each clause to the matter it asks about; one without a matter of its own goes to the one before."""
    found: dict[str, Segment] = {}
    last: str | None = None
    for segment in read:
        own = segment.best.entry if segment.best and segment.best.entry in matters else None
        if own and own not in found:
            found[own] = segment
        elif own or last:
            entry = own or last or ""
            facets = tuple(dict.fromkeys(found[entry].facets + segment.facets))
            found[entry] = replace(found[entry], facets=facets)
        last = own or last
    return tuple(found.values())


def _only(segment: Segment, entry: str) -> Segment:
    score = next((c.score for c in segment.candidates if c.entry == entry), 0.0)
    single = Candidate(entry, max(score, STRONG), "", True)
    return replace(segment, candidates=(single,))


__all__ = ["WANT_OF", "Reader", "Trained"]
