"""Decides what one message is answered with, from what was understood and what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.desk.catalogue import Catalogue
from bot.desk.choosing import Choice, choose, placed
from bot.desk.context import Context
from bot.desk.decision import Act, Answer, Clarify, Decision, HandOff, ListDocuments, Redirect, Say
from bot.desk.entries import Entry, Facet, Kind
from bot.desk.handing_over import NO_CASES, asked_for_person, enough_of_it, own_case
from bot.desk.outcomes import context_after, outcome_of
from bot.desk.reading import ASKING, SMALL_TALK, Candidate, Reading, Segment, Want

PAGE = 5
LEANING = 0.8
"""How sure it is that a question without a subject is about what was talked about."""
PERSON = 0.6
"""How sure it must be that a person is asked for."""
OUTRIGHT = 0.9
"""How sure it must be where the words also fit what was talked about."""
LEANS_SURELY = 0.95
HALF_SAID = frozenset({Want.AFFIRM, Want.DENY, Want.CHAT})
"""What short replies sound like; 「老的呢」 is one as well, and a question."""
SHORT = 14
"""Characters; a question no longer than this, that names nothing, is about what was talked about."""


@dataclass(frozen=True)
class Thresholds:
    """From which likelihood an entry is told, and from which it is worth asking about."""

    answer: float = 0.6
    ask: float = 0.3
    body: float = 0.2
    mostly: float = 0.5
    alone: float = 0.4
    worth: float = 0.06
    faint: float = 0.03
    talk: float = 0.35
    follow: float = 0.85
    leans: float = 0.6
    surely: float = 0.6
    ours: float = 0.75
    status: float = 0.8


@dataclass(frozen=True)
class Turn:
    """All that a decision leans on."""

    reading: Reading
    context: Context
    catalogue: Catalogue
    by: Thresholds
    cases: Mapping[str, str]


def decide(
    reading: Reading,
    context: Context,
    catalogue: Catalogue,
    by: Thresholds | None = None,
    cases: Mapping[str, str] = NO_CASES,
) -> Decision:
    """Give what is to be done; ``catalogue`` holds only entries that may be told today.

    ``cases`` names the entries of which staff must handle somebody's own case, and why.
    """
    turn = Turn(reading, context, catalogue, by or Thresholds(), cases)
    choice = choose(reading, context)
    if choice is not None:
        return _chosen(turn, choice)
    shown = turn.catalogue.get(placed(reading, context))
    if shown:
        return _finish(turn, (_tell(shown, reading.segments[0].facets, reading.text),), 1.0)
    if _wants_person(reading):
        return _finish(turn, (_person(turn),), reading.segments[0].sure)
    case = own_case(reading, cases, turn.by.ask)
    if case is not None:
        return _finish(turn, (case,), reading.segments[0].sure)
    talk = _small_talk(turn)
    if talk is not None:
        return _finish(turn, (talk,), reading.segments[0].sure)
    acts = tuple(dict.fromkeys(_act(turn, segment) for segment in reading.segments))
    return _finish(turn, enough_of_it(acts, reading, context), _confidence(turn, acts))


def _wants_person(reading: Reading) -> bool:
    wanting = [s for s in reading.segments if s.want is Want.PERSON and s.sure > PERSON]
    return any(s.sure > OUTRIGHT or not _follows(s) for s in wanting)


def _follows(segment: Segment) -> bool:
    """Say whether a question is an aspect of what was talked about, whatever else it sounds like."""
    return (segment.leans or 0.0) >= LEANS_SURELY and bool(segment.facets_here)


def _person(turn: Turn) -> HandOff:
    entry = turn.catalogue.get(turn.context.entry)
    return asked_for_person(entry.id if entry else None, turn.cases)


def _chosen(turn: Turn, choice: Choice) -> Decision:
    offer = choice.offer
    if choice.none_fits:
        return _finish(turn, (Say("none_fits"),), 1.0)
    if choice.more:
        left = turn.context.more
        return _finish(turn, (ListDocuments(left[:PAGE], left[PAGE:]),), 1.0)
    if offer and offer.act == "more":
        return _chosen(turn, Choice(more=True))
    if offer and offer.act == "person":
        return _finish(turn, (_person(turn),), 1.0)
    if offer and offer.act:
        return _finish(turn, (Say(offer.act),), 1.0)
    entry = turn.catalogue.get(offer.entry) if offer else None
    if entry is None:
        return _finish(turn, (Say("not_understood"),), 0.0)
    facets = tuple(Facet(f) for f in (offer.facets if offer else ()) or turn.context.pending_facets)
    return _finish(turn, (_tell(entry, facets, turn.reading.text),), 1.0)


def _small_talk(turn: Turn) -> Act | None:
    """Say something short when the whole message is talk and no entry is meant."""
    segment = turn.reading.segments[0]
    best = segment.best
    if segment.want not in SMALL_TALK or segment.sure < turn.by.talk:
        return None
    if best and best.score >= turn.by.answer:
        return None
    if segment.want in HALF_SAID and _leans_on_context(turn, segment, best):
        return None
    if segment.facets and turn.context.entry and segment.want not in (Want.THANKS, Want.BYE, Want.GREET):
        return None
    return Say(segment.want.value)


def _act(turn: Turn, segment: Segment) -> Act:
    candidates = _weighed(turn, segment)
    best = candidates[0] if candidates else None
    if _leans_on_context(turn, segment, best):
        return _follow(turn, segment)
    if not segment.readable and not segment.body and not (best and best.named):
        return Say("not_understood")
    if best and best.score >= turn.by.answer:
        return _found(turn, segment, best)
    if segment.want is Want.STATUS and segment.sure > turn.by.status:
        return Say("ask_status")
    if segment.body and _of_another(turn, segment):
        return Redirect(segment.body, _topic_of_body(turn, segment.body, candidates))
    if segment.want is Want.NONSENSE and segment.sure > turn.by.talk:
        return Say("not_understood")
    if segment.want is Want.OFF_TOPIC and segment.sure > turn.by.talk:
        return Say("out_of_scope")
    if segment.want is Want.DOCUMENT and segment.sure > turn.by.talk:
        listed = _documents(turn, segment)
        if len(listed) == 1:
            return Answer(listed[0])
        if listed:
            return ListDocuments(listed[:PAGE], listed[PAGE:])
    if segment.bare and segment.facets:
        return _follow(turn, segment) if turn.context.entry else Say("which_item", segment.facets)
    if best and best.score >= turn.by.ask:
        return _ask_back(turn, segment, candidates)
    # What sounds like the bureau's business and is not in the catalogue is not known: it is not refused.
    ours = segment.want is Want.UNKNOWN or (segment.want in ASKING and segment.sure > turn.by.ours)
    return Say("not_understood" if ours else "out_of_scope")


def _of_another(turn: Turn, segment: Segment) -> bool:
    """Say whether the authority that the words point to is the one that is asked for."""
    if segment.want is Want.OFF_TOPIC and segment.sure > turn.by.talk:
        return segment.body_score >= turn.by.mostly
    return segment.want is Want.ELSEWHERE or segment.body_score >= turn.by.body


def _ask_back(turn: Turn, segment: Segment, candidates: Sequence[Candidate]) -> Act:
    """Ask which is meant; when there is nothing to choose from, tell the one there is."""
    close = [c for c in candidates[:3] if c.score >= turn.by.worth]
    if len(close) == 1 and close[0].score >= turn.by.alone:
        return _found(turn, segment, close[0])
    shown = close if len(close) > 1 else candidates[:2]
    return Clarify(tuple(c.entry for c in shown), segment.facets)


def _topic_of_body(turn: Turn, body: str, candidates: Sequence[Candidate]) -> str | None:
    """Give the likeliest topic of the catalogue that is this authority's business, if any is likely."""
    for candidate in candidates:
        handling = turn.catalogue.entries[candidate.entry].handling
        if handling and handling.body == body and candidate.score >= turn.by.faint:
            return candidate.entry
    return None


def _weighed(turn: Turn, segment: Segment) -> tuple[Candidate, ...]:
    """Drop what may not be told, lean a little to what is talked about, and from it after a correction."""
    here = turn.context.entry
    corrected = "correction" in turn.reading.signs
    kept = []
    for candidate in segment.candidates:
        if turn.catalogue.get(candidate.entry) is None:
            continue
        if candidate.entry == here and corrected and not candidate.named:
            continue
        bonus = 0.15 if candidate.entry == here and not candidate.named else 0.0
        kept.append(replace(candidate, score=min(1.0, candidate.score + bonus)))
    return tuple(sorted(kept, key=lambda c: -c.score))


def _leans_on_context(turn: Turn, segment: Segment, best: Candidate | None) -> bool:
    """Say whether the question has no subject of its own, so that the one before is meant."""
    signs = turn.reading.signs
    if "back" in signs and turn.context.talked_about and not (best and best.named):
        return True
    if not turn.context.entry or "correction" in signs or (best and best.wording == segment.text):
        return False
    if _idle(turn, segment):
        leans = segment.leans or 0.0
        if segment.want not in SMALL_TALK and not segment.body and leans >= turn.by.surely:
            return bool(segment.facets_here)
        if segment.want in HALF_SAID and segment.text.endswith("呢") and leans >= turn.by.leans:
            return True
        return bool(segment.facets) and "follow_up" in signs and segment.want is not Want.OFF_TOPIC
    if "publication_only" in signs and _is_published(turn):
        return True
    if "publication" in signs and _is_published(turn) and len(segment.text) <= SHORT:
        return not (best and best.named)
    if segment.leans is not None:
        return segment.leans >= turn.by.leans
    return _seems_to_lean(turn, segment, best)


def _idle(turn: Turn, segment: Segment) -> bool:
    """Say whether a question seems to be none, or none for the bureau."""
    unsure_status = segment.want is Want.STATUS and segment.sure <= turn.by.status
    asking = segment.want in ASKING or segment.want is Want.UNKNOWN or unsure_status
    return not asking and segment.sure > turn.by.talk


def _is_published(turn: Turn) -> bool:
    """Say whether a document was talked about, of which one asks for its number or publisher."""
    here = turn.catalogue.get(turn.context.entry)
    return here is not None and here.publication is not None


def _seems_to_lean(turn: Turn, segment: Segment, best: Candidate | None) -> bool:
    """Say the same without a trained model's word for it."""
    if best and best.named:
        return False
    score = best.score if best else 0.0
    if segment.facets and segment.bare:
        return score < turn.by.follow
    leans = bool(segment.facets) or segment.bare or "follow_up" in turn.reading.signs
    return leans and score < turn.by.answer and (bool(segment.facets) or len(segment.text) <= SHORT)


def _follow(turn: Turn, segment: Segment) -> Act:
    back = "back" in turn.reading.signs
    entry = turn.catalogue.get((None if back else segment.answered_by) or _meant_again(turn, segment))
    if entry is None:
        return Say("which_item")
    facets = segment.facets_here if segment.leans is not None else segment.facets
    if not facets and segment.bare:
        facets = tuple(Facet(f) for f in turn.context.facets)
    return _tell(entry, facets if entry.kind is Kind.SERVICE else (), segment.text)


def _meant_again(turn: Turn, segment: Segment) -> str | None:
    """Give the entry that is talked about; on the way back the likeliest of those before."""
    trail = turn.context.trail
    if "back" not in turn.reading.signs or not trail:
        return turn.context.entry
    likely = [c.entry for c in segment.candidates if c.entry in trail and c.score >= turn.by.faint]
    return likely[0] if likely else trail[0]


def _found(turn: Turn, segment: Segment, best: Candidate) -> Act:
    entry = turn.catalogue.entries[best.entry]
    if entry.kind is not Kind.SERVICE:
        return _tell(entry, (), segment.text)
    return _tell(entry, _borrowed(turn, segment, entry) or segment.facets, segment.text)


def _borrowed(turn: Turn, segment: Segment, entry: Entry) -> tuple[Facet, ...]:
    """Give the aspects asked before, when another item is named and no aspect: 「换成专精特新呢」."""
    context = turn.context
    if segment.named or entry.id == context.entry:
        return ()
    if context.pending_facets and not segment.facets:
        return tuple(Facet(f) for f in context.pending_facets)
    if "correction" in turn.reading.signs:
        return segment.facets or tuple(Facet(f) for f in context.facets)
    again = "instead" in turn.reading.signs or segment.text.rstrip("?？。").endswith("呢")
    return tuple(Facet(f) for f in context.facets) if again and len(segment.text) <= SHORT else ()


def _tell(entry: Entry, facets: tuple[Facet, ...], text: str) -> Act:
    handling = entry.handling
    if handling and handling.in_scope == "no" and handling.body:
        return Redirect(handling.body, entry.id)
    wrong = tuple(p.correction for p in entry.premises if any(phrase in text for phrase in p.said))
    return Answer(entry.id, facets, wrong)


def _documents(turn: Turn, segment: Segment) -> tuple[str, ...]:
    kinds = (Kind.DOCUMENT, Kind.BRIEFING)
    found = (c.entry for c in segment.candidates if turn.catalogue.get(c.entry))
    return tuple(e for e in found if turn.catalogue.entries[e].kind in kinds)


def _confidence(turn: Turn, acts: tuple[Act, ...]) -> float:
    """Give the least sure of the message's questions; for what is no question, how sure it is none."""
    sure = min(map(_sureness, turn.reading.segments), default=0.0)
    beside = {s.answered_by for s in turn.reading.segments}
    told = {a.entry for a in acts if isinstance(a, Answer)}
    if turn.context.entry and told & {turn.context.entry, *beside}:
        sure = max(sure, LEANING)
    return round(sure, 4)


def _sureness(segment: Segment) -> float:
    told = segment.best.score if segment.best else 0.0
    return told if segment.want in ASKING else max(told, segment.sure)


def _finish(turn: Turn, acts: tuple[Act, ...], confidence: float) -> Decision:
    outcome = outcome_of(turn.catalogue, acts)
    return Decision(acts, outcome, confidence, context_after(turn.context, acts, outcome))
