"""Reads a message: its questions, what each is about, which aspects it names, and the signs of its turn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from typing import Protocol

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Facet, Kind
from bot.desk.reading import ASKING, SMALL_TALK, Candidate, Reading, Segment, Want
from bot.search.bodies import Bodies
from bot.search.evidence import ALONE, Calibration, Evidence, shares
from bot.search.index import Index, Match
from bot.search.numbers import document_number
from bot.search.phrases import Phrases

KEPT = 6
MOST = 3
"""More questions than this in one message are not answered at once."""
STRONG = 0.55
SURE = 0.7
BARE = 2
LONGEST_PAIR = 60
"""Characters; a longer message with commas tells a story, and its clauses are no questions of their own."""
SIGNS = ("follow_up", "instead", "correction", "back", "more", "other_than", "own_case", "deal")
CUES = (Want.PERSON, Want.STATUS, Want.THANKS, Want.BYE, Want.GREET)
WANT_OF = {
    Kind.SERVICE: Want.SERVICE,
    Kind.DISCLOSURE: Want.DISCLOSURE,
    Kind.HOTLINE: Want.HOTLINE,
    Kind.DOCUMENT: Want.DOCUMENT,
    Kind.BRIEFING: Want.DOCUMENT,
    Kind.CONTACT: Want.CONTACT,
}


class Trained(Protocol):
    """What a trained model knows of a clean text; each gives likelihoods, 0 to 1."""

    @property
    def calibration(self) -> Calibration:
        """The figures that weigh the evidence."""

    def wants(self, text: str) -> Mapping[Want, float]:
        """What the person wants."""

    def facets(self, text: str) -> Mapping[Facet, float]:
        """Which aspects are asked for."""

    def entries(self, text: str) -> Mapping[str, float] | None:
        """Which entry is meant, of those that were there at training."""


class Reader:
    """Reads messages against one catalogue version; without ``trained`` the index alone speaks."""

    def __init__(
        self, catalogue: Catalogue, index: Index, phrases: Phrases, trained: Trained | None = None
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._phrases = phrases
        self._trained = trained
        self._calibration = trained.calibration if trained else ALONE
        self._bodies = Bodies(catalogue.bureau.bodies.values())
        self._numbers = _numbers(catalogue)

    def read(self, text: str) -> Reading:
        """Give what can be understood of the text without knowing what was said before."""
        clean = self._phrases.clean(text)
        whole = self._segment(clean)
        segments = self._several(clean, whole)
        return Reading(clean, segments, self._choice(clean), self._signs(clean))

    def _several(self, clean: str, whole: Segment) -> tuple[Segment, ...]:
        """Cut a message with two questions; a story with one question stays whole."""
        parts = [p for p in self._phrases.parts(clean) if self._phrases.asks(p)]
        read = [self._segment(p) for p in parts] if len(parts) > 1 else []
        sure = [s for s in read if s.best and s.best.score >= STRONG]
        if len({s.best.entry for s in sure if s.best}) > 1:
            return tuple(_merged(read))
        clauses = self._clauses(clean)
        if clauses:
            return clauses
        named = self._index.side_by_side(clean)
        if len(named) > 1 and not self._phrases.lexicon.said("comparing", clean):
            return tuple(_only(whole, entry) for entry in named[:MOST])
        return (whole,)

    def _clauses(self, clean: str) -> tuple[Segment, ...]:
        """Cut a short message at its commas when each clause surely asks about something else."""
        parts = [p for p in re.split(r"[,、;?!。\uff0c]", clean) if p.strip()]
        if not 2 <= len(parts) <= MOST or len(clean) > LONGEST_PAIR:
            return ()
        read = [self._segment(p) for p in parts if self._phrases.asks(p)]
        bests = [s.best for s in read if s.best and s.best.score >= SURE]
        if len(bests) < 2 or len({b.entry for b in bests}) < len(read):
            return ()
        return tuple(read)

    def _segment(self, clean: str) -> Segment:
        trained = self._trained
        wants = dict(trained.wants(clean)) if trained else {}
        subject = self._phrases.subject(clean)
        candidates = self._candidates(clean, subject, wants)
        want, sure = self._want(clean, wants, candidates)
        body, body_score = self._bodies.named(clean)
        return Segment(
            text=clean,
            candidates=candidates,
            facets=self._facets(clean),
            want=want,
            sure=sure,
            body=body,
            body_score=body_score,
            worded=looks_worded(clean),
            bare=len(subject.replace(" ", "")) <= BARE,
        )

    def _candidates(self, clean: str, subject: str, wants: Mapping[Want, float]) -> tuple[Candidate, ...]:
        numbered = self._numbers.get(document_number(clean) or "")
        learned = self._trained.entries(clean) if self._trained else None
        matches = self._index.look_up(clean, also=likeliest(learned))
        if not matches or not (subject or matches[0].named):
            return (Candidate(numbered, 1.0, "", True),) if numbered else ()
        ranked = shares(matches, learned, self._calibration)
        unseen = learned is not None and ranked[0][0].entry not in learned
        found = evidence([m for m, _ in ranked], self._index.known_share(clean), asking_share(wants))
        likely = found.likelihood(ALONE if unseen else self._calibration)
        kept = [Candidate(m.entry, round(likely * share, 4), m.wording, m.named > 0) for m, share in ranked]
        if numbered:
            kept = [Candidate(numbered, 0.97, "", True), *(c for c in kept if c.entry != numbered)]
        return tuple(kept[:KEPT])

    def _want(
        self, clean: str, wants: Mapping[Want, float], candidates: tuple[Candidate, ...]
    ) -> tuple[Want, float]:
        cue = next((w for w in CUES if self._phrases.lexicon.said(w.value, clean)), None)
        if cue and (cue is Want.PERSON or not wants):
            return cue, 0.99
        if wants:
            return _likeliest_want(wants)
        entry = self._catalogue.get(candidates[0].entry) if candidates else None
        return (WANT_OF[entry.kind], candidates[0].score) if entry else (Want.UNKNOWN, 0.0)

    def _facets(self, clean: str) -> tuple[Facet, ...]:
        said = self._phrases.facets(clean)
        if not self._trained:
            return said
        likely = self._trained.facets(clean)
        kept = [f for f in said if likely.get(f, 0.0) > 0.12]
        kept += [f for f, p in sorted(likely.items(), key=lambda item: -item[1]) if p > 0.5 and f not in kept]
        return tuple(kept)

    def _signs(self, clean: str) -> frozenset[str]:
        return frozenset(s for s in SIGNS if self._phrases.lexicon.said(s, clean))

    def _choice(self, clean: str) -> int | None:
        """Give the number chosen from a list last offered: 「2」「第二个」「选3」; -1 is the last one."""
        found = re.fullmatch(
            r"(?:我?选|要|就|第)*\s*([0-9]{1,2}|[一二两三四五六七八九十])\s*(?:个|项|条|号|吧|,|。|\.)*",
            clean,
        )
        if re.fullmatch(r"(?:要|选|就)?(?:最后|末尾)(?:一)?(?:个|项|条)吧?", clean):
            return -1
        if not found:
            return None
        digit = found.group(1)
        return int(digit) if digit.isdigit() else self._phrases.lexicon.numbers.get(digit)


def looks_worded(clean: str) -> bool:
    """Say whether a text looks like language: several different characters, not one or two repeated."""
    han = re.findall(r"[\u3400-\u9fff]", clean)
    words = re.findall(r"[a-z]{2,}", clean)
    return (len(set(han)) >= 4 and len(set(han)) > len(han) / 2) or len(words) >= 3


def likeliest(learned: Mapping[str, float] | None) -> list[str]:
    """Give the few entries that a classifier holds likeliest."""
    return nlargest(KEPT, learned, key=lambda e: learned[e]) if learned else []


def asking_share(wants: Mapping[Want, float] | Mapping[str, float]) -> float:
    """Give the likelihood that something is asked that a bureau's catalogue may answer."""
    return sum(p for w, p in wants.items() if Want(w) in ASKING)


def evidence(matches: Sequence[Match], known: float, asking: float) -> Evidence:
    """Give what speaks for any of the matches being meant."""
    best = max(m.score for m in matches)
    return Evidence(min(best, 1.0), max(m.named for m in matches), known, asking)


def _likeliest_want(wants: Mapping[Want, float]) -> tuple[Want, float]:
    """Give the likeliest want of the likeliest group; kinds of talk are a group, kinds of asking another."""
    groups = [SMALL_TALK, ASKING, *({w} for w in wants if w not in SMALL_TALK and w not in ASKING)]
    sums = [(sum(wants.get(w, 0.0) for w in group), group) for group in groups]
    sure, group = max(sums, key=lambda pair: pair[0])
    return max((w for w in wants if w in group), key=lambda w: wants[w]), round(sure, 4)


def _numbers(catalogue: Catalogue) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in catalogue:
        for text in (entry.publication.doc_no, entry.publication.index_no) if entry.publication else ():
            number = document_number(text) if text else None
            if number:
                found.setdefault(number, entry.id)
    return found


def _merged(read: list[Segment]) -> list[Segment]:
    """Put a part without a subject to the part before it, as one more aspect of the same."""
    kept: list[Segment] = []
    for segment in read:
        weak = segment.best is None or segment.best.score < STRONG
        before = kept[-1] if kept else None
        same = before and segment.best and before.best and before.best.entry == segment.best.entry
        if before and (weak or same):
            facets = tuple(dict.fromkeys(before.facets + segment.facets))
            kept[-1] = replace(before, facets=facets)
        elif not weak:
            kept.append(segment)
    return kept[:MOST]


def _only(segment: Segment, entry: str) -> Segment:
    score = next((c.score for c in segment.candidates if c.entry == entry), 0.0)
    single = Candidate(entry, max(score, STRONG), "", True)
    return replace(segment, candidates=(single,))
