"""Words a decision: replies with their buttons, and the context that remembers what was offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.desk.answers import OVERVIEW, Teller, Words
from bot.desk.catalogue import Catalogue
from bot.desk.context import Offer
from bot.desk.decision import Act, Answer, Clarify, Decision, HandOff, ListDocuments, Redirect, Say
from bot.desk.entries import Entry, Facet, Kind, Status
from bot.desk.messages import QuickReply, Reply, TurnResult
from bot.desk.splitting import split
from bot.desk.typography import polish

MOST_MESSAGES = 5
MOST_BUTTONS = 6
GONE = {Status.TRANSFERRED: (Facet.SECTION,), Status.CANCELLED: (Facet.BASIS,)}
"""What is always told of an item that is gone: who has it now, or what ended it."""
NEXT = (Facet.MATERIALS, Facet.CONDITIONS, Facet.STEPS, Facet.TIME_LIMIT, Facet.FEE)


@dataclass(frozen=True)
class Told:
    """One act in words: its text and what is offered under it."""

    text: str
    offers: tuple[Offer, ...] = ()


class Wording:
    """Turns decisions over one catalogue into what the enquirer reads."""

    def __init__(self, words: Words, phrases: Mapping[str, Mapping[str, Any]], catalogue: Catalogue) -> None:
        self._words = words
        self._phrases = phrases
        self._catalogue = catalogue
        self._teller = Teller(words, catalogue)

    def result(self, decision: Decision, receipt: str, explanation: Mapping[str, Any]) -> TurnResult:
        """Give the whole turn in words. ``receipt`` is the number the enquirer may ask by later."""
        last = len(decision.acts) - 1
        told = [self._tell(act, receipt, n == last) for n, act in enumerate(decision.acts)]
        offers = _distinct(o for t in told for o in t.offers)[:MOST_BUTTONS]
        texts = [part for t in told for part in split(t.text)]
        if len(decision.acts) > 1:
            texts[0:0] = [self._words.say("two_answers", count=len(decision.acts))]
            texts = split("\n\n".join(texts))
        replies = [Reply(polish(text)) for text in self._shortened(texts)]
        replies[-1] = replace(replies[-1], quick_replies=tuple(self._button(o) for o in offers))
        context = replace(decision.context, offers=tuple(offers))
        return TurnResult(
            outcome=decision.outcome,
            replies=tuple(replies),
            entries=self._codes(decision.acts),
            facets=self._facets(decision.acts),
            confidence=decision.confidence,
            context=context.as_dict(),
            explanation=dict(explanation),
            hand_off=next((a.reason for a in decision.acts if isinstance(a, HandOff)), None),
            asks_status=decision.acts == (Say("ask_status"),),
        )

    def _shortened(self, texts: list[str]) -> list[str]:
        if len(texts) <= MOST_MESSAGES:
            return texts
        return [*texts[: MOST_MESSAGES - 1], self._words.texts["merged_tail"]]

    def _tell(self, act: Act, receipt: str, closing: bool) -> Told:
        if isinstance(act, Answer):
            return self._answer(act, closing)
        if isinstance(act, Redirect):
            return self._redirect(act, closing)
        if isinstance(act, Clarify):
            return self._list("clarify", act.entries, tuple(f.value for f in act.facets))
        if isinstance(act, ListDocuments):
            return self._documents(act)
        if isinstance(act, HandOff):
            return Told(self._hand_off(act, receipt))
        return self._say(act)

    def _answer(self, act: Answer, closing: bool) -> Told:
        entry = self._catalogue.entries[act.entry]
        text = self._teller.tell(entry, act.facets, act.corrections, closing)
        return Told(text, self._next(entry, act.facets))

    def _next(self, entry: Entry, asked: tuple[Facet, ...]) -> tuple[Offer, ...]:
        facets: tuple[Facet, ...] = ()
        if entry.kind is Kind.SERVICE:
            facets = tuple(f for f in NEXT if f not in asked and entry.facets.get(f))
        offers = [Offer(self._words.facets[f.value], entry.id, (f.value,)) for f in facets]
        related = [self._catalogue.get(e) for e in entry.see_also]
        offers += [Offer(e.name, e.id) for e in related if e][:2]
        return (*offers[: MOST_BUTTONS - 1], Offer(self._words.texts["person"], act="person"))

    def _redirect(self, act: Redirect, closing: bool) -> Told:
        body = self._catalogue.bureau.bodies[act.body]
        say = self._words.say
        lines = [say("redirect", body=body.name)]
        if body.takes:
            lines.append(say("redirect_takes", body=body.name, takes="、".join(body.takes)))
        if body.phone:
            lines.append(self._teller.phone(body))
        else:
            lines.append(say("redirect_no_phone"))
        entry = self._catalogue.get(act.entry)
        if entry:
            lines.append(self._teller.tell(entry, (), (), closing))
        return Told("\n".join(lines), self._next(entry, ()) if entry else (self._person(),))

    def _list(self, heading: str, entries: tuple[str, ...], facets: tuple[str, ...]) -> Told:
        found = [self._catalogue.entries[e] for e in entries]
        offers = [Offer(e.name, e.id, facets if e.kind is Kind.SERVICE else ()) for e in found]
        lines = [self._words.texts[heading]]
        lines += [self._words.say("choice", number=n, title=o.title) for n, o in enumerate(offers, 1)]
        return Told("\n".join(lines), (*offers, Offer(self._words.texts["none"], act="none_fits")))

    def _documents(self, act: ListDocuments) -> Told:
        told = self._list("documents", act.entries, ())
        if not act.more:
            return told
        more = self._words.say("documents_more", count=len(act.more))
        return Told(f"{told.text}\n{more}", (*told.offers[:-1], Offer(self._words.texts["more"], act="more")))

    def _hand_off(self, act: HandOff, receipt: str) -> str:
        section = self._catalogue.section_of(self._catalogue.get(act.entry))
        phone = self._catalogue.bureau.phone
        texts = self._phrases["hand_off"]
        text = str(texts.get(act.reason, texts["text"]))
        return text.format(section=section.name, receipt=receipt, phone=phone)

    def _say(self, act: Say) -> Told:
        phrase = self._phrases[act.text]
        offers = tuple(self._ready(title) for title in phrase.get("replies", ()))
        bureau = self._catalogue.bureau
        return Told(str(phrase["text"]).format(bureau=bureau.name, phone=bureau.phone), offers)

    def _ready(self, title: str) -> Offer:
        return self._person() if title == self._words.texts["person"] else Offer(title, act="ask")

    def _person(self) -> Offer:
        return Offer(self._words.texts["person"], act="person")

    def _button(self, offer: Offer) -> QuickReply:
        entry = self._catalogue.get(offer.entry)
        if entry and offer.facets and offer.title == self._words.facets.get(offer.facets[0]):
            short = min((entry.name, *entry.aliases), key=len)
            return QuickReply(offer.title, self._words.say("next_facet", name=short, facet=offer.title))
        return QuickReply(offer.title, offer.title)

    def _codes(self, acts: Iterable[Act]) -> tuple[str, ...]:
        ids: list[str] = []
        for act in acts:
            if isinstance(act, Answer | Redirect | HandOff) and act.entry:
                ids.append(act.entry)
            elif isinstance(act, Clarify | ListDocuments):
                ids.extend(act.entries)
        return tuple(dict.fromkeys(self._catalogue.entries[i].code for i in ids))

    def _facets(self, acts: Iterable[Act]) -> tuple[str, ...]:
        """Give the aspects told; of an item that is gone also who has it now, or what ended it."""
        named: list[Facet] = []
        for act in acts:
            named += act.facets if isinstance(act, Answer | Clarify) else ()
            entry = self._catalogue.get(act.entry) if isinstance(act, Answer) else None
            if entry and entry.kind is Kind.SERVICE:
                named += GONE.get(entry.status, ())
        return tuple(dict.fromkeys(f.value for f in named))


def _distinct(offers: Iterable[Offer]) -> list[Offer]:
    return list({o.title: o for o in offers}.values())


__all__ = ["OVERVIEW", "Told", "Wording"]
