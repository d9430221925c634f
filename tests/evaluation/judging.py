"""Judges one turn by entry, facets, outcome and facts: right, no answer, or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Kind
from bot.desk.typography import polish
from bot.search.normalise import normalise
from tests.evaluation.questions import Label

STATING = frozenset({"answered", "redirected"})
"""Outcomes by which something is told as a fact."""


class Verdict(str, Enum):
    """What a turn was worth."""

    RIGHT = "right"
    SILENT = "no answer"
    WRONG = "wrong"


SCORES = {Verdict.RIGHT: 1, Verdict.SILENT: 0, Verdict.WRONG: -2}


@dataclass(frozen=True)
class Told:
    """What came back for one turn.

    ``stated`` are the codes whose entries were told, ``contacts`` those of them that are contacts,
    ``offered`` those that were only put up for choice;
    ``seconds`` is the time to the answer, ``cpu`` the processor time of the desk's own processes for it.
    """

    outcome: str
    stated: frozenset[str]
    offered: frozenset[str]
    facets: tuple[str, ...]
    confidence: float
    text: str
    seconds: float = 0.0
    cpu: float | None = None
    contacts: frozenset[str] = frozenset()

    @property
    def states(self) -> bool:
        """Whether something was told as a fact."""
        return bool(self.stated) or (self.outcome in STATING and not self.offered)


@dataclass(frozen=True)
class Judgement:
    """A verdict, and which of entry, facets, outcome and facts were not as labelled."""

    verdict: Verdict
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Titles:
    """How a reply shows that it tells an entry: the title in black brackets."""

    by_code: Mapping[str, str]
    services: frozenset[str]
    contacts: frozenset[str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Titles:
        """Take the titles of a catalogue."""
        services = frozenset(e.code for e in catalogue if e.kind is Kind.SERVICE)
        contacts = frozenset(e.code for e in catalogue if e.kind is Kind.CONTACT)
        return cls({e.code: polish(f"【{e.name}】") for e in catalogue}, services, contacts)

    def told(self, answer: Mapping[str, Any], seconds: float = 0.0, cpu: float | None = None) -> Told:
        """Give what an answer of the REST channel told."""
        text = "\n".join(reply["text"] for reply in answer["replies"])
        codes = answer["entries"]
        stated = frozenset(c for c in codes if self.by_code.get(c, "") in text)
        return Told(
            outcome=answer["outcome"],
            stated=stated if answer["outcome"] != "handed_off" else frozenset(),
            offered=frozenset(codes) - stated if answer["outcome"] != "handed_off" else frozenset(),
            facets=tuple(answer["facets"]),
            confidence=float(answer["confidence"]),
            text=text,
            seconds=seconds,
            cpu=cpu,
            contacts=stated & self.contacts,
        )


def judge(label: Label, told: Told, services: frozenset[str]) -> Judgement:
    """Compare what was told with what is labelled.

    Wrong is what was told as a fact and is not what was asked for: another entry, another aspect, another
    authority, or anything where nothing was to be told. Asking back, not knowing, refusing, handing over,
    and telling only a part are no answer, unless the label has them.
    """
    if frozenset() in label.entries:  # the labels know no codes of contacts
        told = replace(told, stated=told.stated - told.contacts)
    faults = tuple(_faults(label, told, services))
    if not faults:
        return Judgement(Verdict.RIGHT)
    wrong = told.states and _misleads(label, told, services, faults)
    return Judgement(Verdict.WRONG if wrong else Verdict.SILENT, faults)


def _faults(label: Label, told: Told, services: frozenset[str]) -> Iterator[str]:
    if not _entries_fit(label, told):
        yield "entry"
    if told.stated & services and not label.facets <= set(told.facets):
        yield "facets"
    if told.outcome not in label.outcomes:
        yield "outcome"
    if not facts_stand(label.facts, told.text):
        yield "facts"


def _entries_fit(label: Label, told: Told) -> bool:
    if told.states:
        whole = any(told.stated >= alternative for alternative in label.entries)
        return whole and told.stated <= label.acceptable
    if told.offered:
        return any(told.offered >= alternative for alternative in label.entries)
    return True  # nothing was told of any entry: the outcome says whether that is right


def _misleads(label: Label, told: Told, services: frozenset[str], faults: tuple[str, ...]) -> bool:
    if not told.stated <= label.acceptable:
        return True
    if not label.outcomes & STATING:
        return bool(told.stated) or told.outcome == "redirected"
    if told.outcome == "redirected" and not told.stated:
        return "facts" in faults or "redirected" not in label.outcomes
    asked = label.facets if told.stated & services else frozenset[str]()
    return bool(asked and told.facets) and not asked & set(told.facets)


def facts_stand(facts: Iterable[str], text: str) -> bool:
    """Say whether every fact stands in the text; widths, blanks and marks do not count."""
    plain = _plain(text)
    return all(_plain(fact) in plain for fact in facts)


def _plain(text: str) -> str:
    return _MARKS.sub("", normalise(text))


_MARKS = re.compile(r"[^\w.%]+")


@dataclass(frozen=True)
class Judged:
    """One turn of one case with its verdict; ``why`` is the brain's explanation, where it is to be had."""

    case: str
    slice: str
    half: str
    dialogue: bool
    place: int
    id: str
    text: str
    label: Label
    told: Told
    judgement: Judgement
    why: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.judgement.verdict

    @property
    def later(self) -> bool:
        """Whether the turn leans on turns before it."""
        return self.dialogue and self.place > 1
