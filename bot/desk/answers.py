"""Words an entry: the facets asked for, complete, with basis, status, section, review and where to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.desk.bureau import ExternalBody
from bot.desk.catalogue import Catalogue
from bot.desk.entries import Basis, Entry, Facet, Fact, Kind, ReviewState, Status

OVERVIEW = (
    Facet.CONDITIONS,
    Facet.MATERIALS,
    Facet.STEPS,
    Facet.TIME_LIMIT,
    Facet.FEE,
    Facet.ONLINE,
)
OURS = frozenset({Kind.SERVICE, Kind.DISCLOSURE, Kind.HOTLINE})
PLACES = frozenset({Facet.CONTACT, Facet.WINDOW, Facet.ONLINE})


@dataclass(frozen=True)
class Words:
    """The wording of answers, from ``data/responses/answers.yml``."""

    texts: Mapping[str, str]
    facets: Mapping[str, str]
    statuses: Mapping[str, str]
    publication: Mapping[str, str]

    def say(self, text_id: str, /, **values: object) -> str:
        """Give one text with its braces filled."""
        return self.texts[text_id].format(**values)


class Teller:
    """Words entries of one catalogue."""

    def __init__(self, words: Words, catalogue: Catalogue) -> None:
        self._words = words
        self._catalogue = catalogue

    def tell(
        self, entry: Entry, facets: tuple[Facet, ...], corrections: tuple[str, ...] = (), closing: bool = True
    ) -> str:
        """Give the whole answer as text; no facet of a service item means the overview.

        ``closing`` adds where to ask and the review; the last of several answers carries it for all.
        """
        say = self._words.say
        lines = [say("premise", text=c) for c in corrections]
        lines += self._gone(entry)
        if entry.kind is Kind.SERVICE and facets:
            lines += self._asked(entry, facets)
        else:
            lines += self._overview(entry)
        lines += self._standing(entry)
        if closing:
            lines += self._closing(entry)
        return "\n".join(lines)

    def _asked(self, entry: Entry, facets: tuple[Facet, ...]) -> Iterator[str]:
        for facet in facets:
            yield from self._facet(entry, facet, titled=True)
        if Facet.BASIS not in facets:
            yield from self._basis(entry)
        yield from self._cautions(entry)

    def _overview(self, entry: Entry) -> Iterator[str]:
        yield self._words.say("title", name=entry.name)
        if entry.summary:
            yield entry.summary
        yield from self._publication(entry)
        yield from self._facts(entry.facts)
        if entry.handling:
            yield self._words.say("handling_line", text=entry.handling.route)
        if entry.kind is Kind.SERVICE:
            for facet in OVERVIEW:
                yield from self._facet(entry, facet, titled=False)
        yield from self._basis(entry)
        yield from self._cautions(entry)

    def _facet(self, entry: Entry, facet: Facet, titled: bool) -> Iterator[str]:
        label = self._words.facets[facet.value]
        heading = self._words.say("facet_title", name=entry.name, facet=label) if titled else f"{label}:"
        if facet is Facet.BASIS:
            yield heading
            yield from self._basis(entry, heading=False)
            return
        if facet is Facet.SECTION:
            yield heading
            yield self._section(entry)
            return
        facts = entry.facets.get(facet, ())
        if not facts:
            yield self._missing(entry, facet, heading, titled)
            return
        yield heading
        if all(f.elsewhere or f.past for f in facts):
            yield self._words.say("only_elsewhere", facet=label)
        yield from self._facts(facts)

    def _missing(self, entry: Entry, facet: Facet, heading: str, titled: bool) -> str:
        bureau = self._catalogue.bureau
        if facet in PLACES and titled:
            where = self._words.say(f"{facet.value}_unknown", phone=bureau.phone, address=bureau.address)
            return f"{heading}\n{where}"
        if titled:
            return self._words.say("not_published", name=entry.name, facet=self._words.facets[facet.value])
        return f"{heading}{self._words.texts['unknown_value']}"

    def _facts(self, facts: Iterable[Fact]) -> Iterator[str]:
        """Number what holds here, then what held before, then what holds elsewhere, each with its heading."""
        facts = tuple(facts)
        here = [f for f in facts if not f.past and not f.elsewhere]
        past = [f for f in facts if f.past and not f.elsewhere]
        elsewhere = [f for f in facts if f.elsewhere]
        yield from self._numbered(here)
        if past:
            yield self._words.texts["past_heading"]
            yield from self._numbered(past)
        if elsewhere:
            yield self._words.texts["elsewhere_heading"]
            yield from self._numbered(elsewhere)

    def _numbered(self, facts: list[Fact]) -> Iterator[str]:
        for number, fact in enumerate(facts, 1):
            text = self._fact(fact)
            yield f"{number}. {text}" if len(facts) > 1 else text

    def _fact(self, fact: Fact) -> str:
        text = fact.text
        if fact.as_of and fact.as_of not in text:
            text += self._words.say("as_of", period=fact.as_of)
        told = "elsewhere_past" if fact.past else "elsewhere"
        return self._words.say(told, place=fact.elsewhere, text=text) if fact.elsewhere else text

    def _basis(self, entry: Entry, heading: bool = True) -> Iterator[str]:
        if not entry.basis:
            if not heading:
                yield self._words.say("not_published", name=entry.name, facet=self._words.facets["basis"])
            return
        if heading:
            yield self._words.texts["basis_heading"]
        yield from self._facts(_as_fact(b) for b in entry.basis)

    def _cautions(self, entry: Entry) -> Iterator[str]:
        if entry.cautions:
            yield self._words.texts["cautions_heading"]
            yield from self._facts(entry.cautions)

    def _publication(self, entry: Entry) -> Iterator[str]:
        if not entry.publication:
            return
        for field, template in self._words.publication.items():
            value = getattr(entry.publication, field)
            yield template.format(value=value or self._words.texts["unknown_value"])
        link = next((s.link for s in map(self._catalogue.sources.get, entry.sources) if s and s.link), None)
        if link:
            yield self._words.say("link_line", url=link)

    def _standing(self, entry: Entry) -> Iterator[str]:
        status = self._words.statuses[entry.status.value]
        if entry.kind is Kind.SERVICE or entry.status is not Status.CURRENT:
            yield self._words.say("status_line", status=status) + (
                f"。{entry.status_note}" if entry.status_note else ""
            )
        if entry.kind in OURS and entry.status is not Status.TRANSFERRED:
            yield self._section(entry)

    def _gone(self, entry: Entry) -> Iterator[str]:
        """Say first what has become of an item that is no longer handled here as it was."""
        if not entry.moved:
            return
        status = self._words.statuses[entry.status.value]
        yield self._words.say("moved_line", name=entry.name, status=status, text=entry.moved.text)
        body = self._catalogue.bureau.bodies.get(entry.moved.body or "")
        if body and body.phone:
            yield self.phone(body)

    def phone(self, body: ExternalBody) -> str:
        """Give the line with another authority's phone, with the date of its publication where known."""
        words = "redirect_phone_dated" if body.phone_as_of else "redirect_phone"
        return self._words.say(words, body=body.name, phone=body.phone, as_of=body.phone_as_of)

    def _section(self, entry: Entry) -> str:
        if entry.status is Status.TRANSFERRED:
            return self._words.texts["section_is_external"]
        section = self._catalogue.section_of(entry)
        return self._words.say(
            "section_line" if section.confirmed else "section_unconfirmed", section=section.name
        )

    def _closing(self, entry: Entry) -> Iterator[str]:
        bureau = self._catalogue.bureau
        ask = "ask_line" if bureau.phone else "ask_line_no_phone"
        yield self._words.say(ask, bureau=bureau.name, phone=bureau.phone, address=bureau.address)
        if entry.review.on:
            yield self._words.say("review_line", date=entry.review.on.isoformat())
        if entry.review.state is ReviewState.SAMPLE:
            yield self._words.texts["sample_line"]


def _as_fact(basis: Basis) -> Fact:
    article = f" {basis.article}" if basis.article else ""
    number = f"({basis.number})" if basis.number and basis.number not in basis.document else ""
    note = f":{basis.note}" if basis.note else ""
    return Fact(f"{basis.document}{number}{article}{note}", basis.sources, basis.elsewhere, basis.past)
