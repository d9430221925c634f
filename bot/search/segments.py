"""Reads one question: which entries it may mean and how surely, what is wanted, which aspects it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Protocol

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Facet, Kind
from bot.desk.reading import ASKING, SMALL_TALK, Candidate, Segment, Want
from bot.search.asked import Asked
from bot.search.aspects import Aspects
from bot.search.beside import Beside
from bot.search.bodies import Bodies
from bot.search.evidence import Calibration, Ranked, Signs, shares, shares_alone, trust, trust_alone
from bot.search.facts import Facts
from bot.search.index import Index
from bot.search.leaning import Lean
from bot.search.normalise import normalise
from bot.search.numbers import document_number, short_numbers
from bot.search.phrases import Phrases
from bot.search.questions import Clause

KEPT = 6
LOOKED_AT = 10
FAMILIAR = 0.5
FAINT = 0.3
"""Below this the index alone does not say what is wanted."""
LISTED = 0.97
"""How sure a question is that stands in the catalogue word for word."""
BESIDE, CLOSER = 0.5, 0.15
"""How near a question must come to one that another entry answers, and how much nearer than to this one."""
LIKELY_BODY = 0.6
"""An authority that is not named is told from this likelihood on."""
BARE = 2
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

    def wants(self, text: str) -> Mapping[Want, float]:
        """What the person wants."""

    def facets(self, text: str) -> Mapping[Facet, float]:
        """Which aspects are asked for."""

    def known(self, text: str) -> float:
        """The share of a text's two-character pieces that any example of the training had."""

    def entries(self, text: str) -> Mapping[str, float]:
        """Which entry is meant, of those that were there at training."""

    def bodies(self, text: str) -> Mapping[str, float]:
        """Which other authority is meant, if one is."""


@dataclass(frozen=True)
class Seen:
    """All that the classifiers and the index say of one clean text; ``about`` was talked about before."""

    text: str
    about: tuple[str, ...]
    subject: str
    wants: Mapping[Want, float]
    learned: Mapping[str, float] | None
    facets: Mapping[Facet, float]
    ranked: Ranked
    signs: Signs


class Segments:
    """Reads questions against one catalogue version; without ``trained`` the index alone speaks."""

    def __init__(
        self, catalogue: Catalogue, index: Index, phrases: Phrases, trained: Trained | None = None
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._phrases = phrases
        self._trained = trained
        figures = phrases.lexicon.figures
        self._calibration = Calibration.of(figures)
        self._leaning = figures["leaning"]
        self.facts = Facts.of(catalogue)
        self.asked = Asked.of(catalogue, phrases.lexicon.next, index.vocabulary, phrases.clean)
        self._beside = Beside.of(phrases.lexicon.answered_by, catalogue, index.vocabulary, phrases.clean)
        self._aspects = Aspects(self.facts, self.asked, figures["aspects"])
        self._bodies = Bodies(catalogue.bureau.bodies.values())
        self._numbers = _numbers(catalogue)
        self._short = _short(catalogue)

    def plain(self, text: str) -> str:
        """Give a text as all else takes it: in one way of writing, slips of typing mended.

        What is listed in the catalogue word for word stays as it is.
        """
        written = normalise(text)
        if written in self._index.listed:
            return written
        clean = self._phrases.clean(text)
        trained = self._trained
        if trained is None:
            return self._index.spelling.mend(clean)
        return self._index.spelling.mend(clean, lambda pair: trained.known(pair) > 0.0)

    def read(self, clean: str, about: Sequence[str] = ()) -> Segment:
        """Give what a clean text asks. ``about`` was talked about before, the latest first."""
        return self.judge(self.look(clean, about))

    def judge(self, seen: Seen) -> Segment:
        """Give what a text asks, from all that is said of it."""
        clean, about = seen.text, seen.about
        candidates = self._candidates(seen)
        want, sure = self._want(seen, candidates)
        body, body_score = self._body(clean, want)
        here = about[0] if about and self._trained else None
        return Segment(
            text=clean,
            candidates=candidates,
            facets=self._asked(seen, candidates[0].entry if candidates else None),
            want=want,
            sure=sure,
            body=body,
            body_score=body_score,
            readable=looks_worded(clean) or self._familiar(clean),
            bare=len(seen.subject) <= BARE,
            named=self._phrases.facets(clean),
            leans=self._leans(seen, here) if here else None,
            facets_here=self._asked(seen, here) if here else (),
            answered_by=self._answered_by(seen.text, here) if here else None,
        )

    def _body(self, clean: str, want: Want) -> tuple[str | None, float]:
        """Give the authority that the words name, or else the one whose business it sounds like."""
        body, score = self._bodies.named(clean)
        if body or want is not Want.ELSEWHERE or not self._trained:
            return body, score
        likely = self._trained.bodies(clean)
        best = max(likely, key=lambda b: likely[b], default="")
        known = best in self._catalogue.bureau.bodies and likely[best] >= LIKELY_BODY
        return (best, round(likely[best], 4)) if known else (None, 0.0)

    def aspects(self, part: str, entry: str | None) -> tuple[Facet, ...]:
        """Give the aspects of a service item that a part of a message asks for, beside its other parts."""
        item = self._catalogue.get(entry)
        if not self._trained or item is None or item.kind is not Kind.SERVICE or not self._phrases.asks(part):
            return ()
        return self._aspects.asked(part, item.id, self._trained.facets(part), part=True)

    def clause(self, clean: str) -> Clause:
        """Give what a part of a message would ask alone."""
        return self.as_clause(self.read(clean))

    def as_clause(self, segment: Segment) -> Clause:
        """Give a question as a part of a message."""
        best, asks = segment.best, self._phrases.asks(segment.text)
        if best is None:
            return Clause(segment.text, None, 0.0, asks, False)
        return Clause(segment.text, best.entry, best.score, asks, best.named)

    def look(self, clean: str, about: Sequence[str] = ()) -> Seen:
        """Give all that the classifiers and the index say of a clean text."""
        about = tuple(entry for entry in about if self._catalogue.get(entry))
        trained = self._trained
        learned = trained.entries(clean) if trained else None
        wants = dict(trained.wants(clean)) if trained else {}
        subject = self._phrases.subject(clean).replace(" ", "")
        matches = self._index.look_up(clean, LOOKED_AT, [*_likeliest(learned), *about])
        if matches and not (subject or about or matches[0].named):
            matches = []
        ranked = [] if not matches else shares_alone(matches)
        if matches and learned is not None:
            ranked = shares(matches, learned, self._calibration)
        asking = sum(p for w, p in wants.items() if w in ASKING)
        off = wants.get(Want.OFF_TOPIC, 0.0) + wants.get(Want.NONSENSE, 0.0)
        elsewhere = wants.get(Want.ELSEWHERE, 0.0)
        signs = Signs(asking, off, elsewhere, self._index.known_share(clean))
        return Seen(
            clean, about, subject, wants, learned, trained.facets(clean) if trained else {}, ranked, signs
        )

    def _candidates(self, seen: Seen) -> tuple[Candidate, ...]:
        numbered = next(iter(self.numbered(seen)), None)
        if not seen.ranked or not (seen.subject or seen.ranked[0][0].named):
            return (Candidate(numbered, 1.0, "", True),) if numbered else ()
        listed = self.listed(seen)
        likely, best = self._trust(seen, seen.ranked), seen.ranked[0][1]
        kept = [
            Candidate(m.entry, _of(likely, share, best), m.wording, m.named > 0)
            for n, (m, share) in enumerate(seen.ranked)
            if n < KEPT or m.entry in seen.about
        ]
        if listed:
            kept = [Candidate(listed, LISTED, seen.text, True), *(c for c in kept if c.entry != listed)]
        elif numbered:
            kept = [Candidate(numbered, 0.97, "", True), *(c for c in kept if c.entry != numbered)]
        return tuple(kept)

    def listed(self, seen: Seen) -> str | None:
        """Give the entry that lists the text word for word, if it says enough to mean that one."""
        return self._index.listed.get(seen.text) if len(seen.subject) > BARE else None

    def numbered(self, seen: Seen) -> tuple[str, ...]:
        """Give the documents that a text names by their numbers.

        A number without publisher and year is taken for one that fits the text besides.
        """
        whole = self._numbers.get(document_number(seen.text) or "")
        if whole:
            return (whole,)
        wanted = seen.wants.get(Want.DOCUMENT, 0.0)
        found: dict[str, float] = {}
        for number in short_numbers(seen.text):
            bearing = self._short.get(number, ())
            fitting = [(share, m.entry) for m, share in seen.ranked if m.entry in bearing]
            if fitting:
                found[max(fitting)[1]] = max(fitting)[0]
        several = len(found) > 1
        return tuple(e for e, share in found.items() if several or wanted >= FAMILIAR or share >= FAINT)

    def _trust(self, seen: Seen, ranked: Ranked) -> float:
        learned = seen.learned
        if learned is None or ranked[0][0].entry not in learned:
            return trust_alone(ranked, seen.signs.known)
        return trust(ranked, learned, seen.signs, self._calibration)

    def _answered_by(self, clean: str, here: str) -> str | None:
        """Give the entry beside ``here`` that answers what ``here`` does not."""
        entry, near = self._beside.nearest(clean)
        kinds = {self._catalogue.entries[e].kind for e in (here, entry) if e}
        if entry is None or near < BESIDE or entry == here or len(kinds) > 1:
            return None
        told = max(self.facts.pointed_at(here, clean).values(), default=0.0)
        return entry if max(self.asked.near(here, clean).own, told) < near - CLOSER else None

    def leans_on(self, clean: str, here: str) -> float:
        """Give how likely, 0 to 1, a clean text is about ``here``, if that is talked about."""
        return self._leans(self.look(clean, (here,)), here)

    def _leans(self, seen: Seen, here: str) -> float:
        return round(self.lean(seen, here).likelihood(self._leaning), 4)

    def lean(self, seen: Seen, here: str) -> Lean:
        """Give what speaks for and against a question being about ``here``, which was talked about."""
        others = [(m, s) for m, s in seen.ranked if m.entry != here]
        mine = next(((m, s) for m, s in seen.ranked if m.entry == here), None)
        told = self.facts.pointed_at(here, seen.text)
        return Lean(
            here=mine[1] if mine else 0.0,
            here_named=bool(mine and mine[0].named),
            other=others[0][1] if others else 0.0,
            other_named=bool(others and others[0][0].named),
            other_sure=self._trust(seen, others) if others else 0.0,
            subject=seen.subject,
            text=seen.text,
            follow_up=self._phrases.lexicon.said("follow_up", seen.text),
            aspect=max(seen.facets.values(), default=0.0),
            asking=seen.signs.asking,
            told=max(told.values(), default=0.0),
            next=self.asked.near(here, seen.text).follow_up,
            asks=self._phrases.asks(seen.text),
        )

    def _want(self, seen: Seen, candidates: tuple[Candidate, ...]) -> tuple[Want, float]:
        cue = next((w for w in CUES if self._phrases.lexicon.said(w.value, seen.text)), None)
        if cue and (cue is Want.PERSON or not seen.wants):
            return cue, 0.99
        if seen.wants:
            return _likeliest_want(seen.wants)
        entry = self._catalogue.get(candidates[0].entry) if candidates else None
        if entry is None or candidates[0].score < FAINT:
            return Want.UNKNOWN, 0.0
        return WANT_OF[entry.kind], candidates[0].score

    def _asked(self, seen: Seen, entry_id: str | None) -> tuple[Facet, ...]:
        if not self._trained or (entry_id is None and len(seen.subject) <= BARE):
            return self._phrases.facets(seen.text)
        entry = self._catalogue.get(entry_id)
        service = entry.id if entry and entry.kind is Kind.SERVICE else None
        return self._aspects.asked(seen.text, service, seen.facets)

    def _familiar(self, clean: str) -> bool:
        """Say whether a text too short to look worded is made of words that are known all the same."""
        return bool(self._trained and self._trained.known(clean) >= FAMILIAR)


def looks_worded(clean: str) -> bool:
    """Say whether a text looks like language: several different characters, not one or two repeated."""
    han = re.findall(r"[\u3400-\u9fff]", clean)
    words = re.findall(r"[a-z]{2,}", clean)
    return (len(set(han)) >= 4 and len(set(han)) > len(han) / 2) or len(words) >= 3


def _likeliest(learned: Mapping[str, float] | None) -> list[str]:
    """Give the few entries that a classifier holds likeliest."""
    return nlargest(KEPT, learned, key=lambda e: learned[e]) if learned else []


def _of(likely: float, share: float, best: float) -> float:
    """Give how sure a candidate is: the first gets ``likely``, the others their part of what is left."""
    if share >= best:
        return round(likely, 4)
    return round(min(likely, (1.0 - likely) * share / max(1.0 - best, 1e-6)), 4)


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


def _short(catalogue: Catalogue) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for entry in catalogue:
        number = entry.publication.doc_no if entry.publication else None
        last = re.search(r"(\d+)号", number or "")
        if last:
            found[int(last.group(1))] = (*found.get(int(last.group(1)), ()), entry.id)
    return found
