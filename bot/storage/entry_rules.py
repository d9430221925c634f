"""What holds for an entry beyond its schema: dates that exist, and references that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.desk.entries import Basis, Entry, Fact, Premise
from bot.storage.problems import Issue, Where

_DATES = (("effective", "from"), ("effective", "to"), ("review", "on"))
NAMES = {"source": "来源", "section": "科室", "body": "承办单位", "entry": "条目"}
_FIXES = {
    "source": "请改为 data/sources.yml 里有的标识,或先在那里登记",
    "section": "请改为 data/bureau.yml 的 sections 里有的标识",
    "body": "请改为 data/bureau.yml 的 bodies 里有的标识",
    "entry": "请改为已有条目的标识(文件名,不带 .yml)",
}


@dataclass(frozen=True)
class Known:
    """The ids that an entry may refer to."""

    sources: Set[str]
    sections: Set[str]
    bodies: Set[str]
    entries: Set[str]


@dataclass(frozen=True)
class References:
    """The ids that an entry refers to; ``gone`` of them are unknown when they are not ``Known``."""

    sources: frozenset[str]
    sections: frozenset[str]
    bodies: frozenset[str]
    entries: frozenset[str]

    def hold(self, known: Known) -> bool:
        """Say whether each reference leads somewhere."""
        return self.needed(known) and self.entries <= known.entries

    def needed(self, known: Known) -> bool:
        """Say whether the references hold without which an entry cannot be told: all but other entries."""
        return (
            self.sources <= known.sources and self.sections <= known.sections and self.bodies <= known.bodies
        )


def date_issues(document: dict[str, Any]) -> list[Issue]:
    """Give the dates of a document that do not exist, and a validity that ends before it begins."""
    issues = []
    for outer, inner in _DATES:
        text = (document.get(outer) or {}).get(inner)
        if text and not _real(text):
            issues.append(Issue((outer, inner), f"没有「{text}」这一天", "请改成真实的日期,如 2024-01-31"))
    validity = document.get("effective") or {}
    if not issues and validity.get("from") and validity.get("to") and validity["to"] < validity["from"]:
        issues.append(Issue(("effective", "to"), "失效日期早于生效日期", "请核对 from 和 to 两个日期"))
    return issues


def references_of(entry: Entry) -> References:
    """Give the ids that an entry refers to."""
    found: dict[str, set[str]] = {name: set() for name in NAMES}
    found["source"].update(entry.sources)
    for basis in entry.basis:
        found["source"].update(basis.sources)
    for premise in entry.premises:
        found["source"].update(premise.sources)
    for facts in (entry.facts, entry.cautions, *entry.facets.values()):
        for fact in facts:
            found["source"].update(fact.sources)
    found["entry"].update(entry.see_also)
    for _, kind, ref in _single(entry):
        found[kind].add(ref)
    return References(*(frozenset(found[kind]) for kind in ("source", "section", "body", "entry")))


def reference_issues(entry: Entry, known: Known) -> list[Issue]:
    """Give an issue for each reference of an entry that leads nowhere, or back to the entry itself."""
    allowed = {
        "source": known.sources, "section": known.sections, "body": known.bodies, "entry": known.entries,
    }  # fmt: skip
    issues = []
    for where, kind, ref in _references(entry):
        if ref not in allowed[kind]:
            issues.append(Issue(where, f"没有{NAMES[kind]}「{ref}」", _FIXES[kind]))
        elif kind == "entry" and ref == entry.id:
            issues.append(Issue(where, "条目指向了自己", "请删去或改为别的条目"))
    return issues


def without_missing(entry: Entry, entries: Set[str]) -> Entry:
    """Give the entry without the references to other entries that are not served."""
    moved = entry.moved
    if moved and moved.entry and moved.entry not in entries:
        moved = replace(moved, entry=None)
    return replace(entry, moved=moved, see_also=tuple(e for e in entry.see_also if e in entries))


def _real(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _references(entry: Entry) -> Iterator[tuple[Where, str, str]]:
    yield from _sources(("basis",), entry.basis)
    for facet, facts in entry.facets.items():
        yield from _sources(("facets", facet.value), facts)
    yield from _sources(("facts",), entry.facts)
    yield from _sources(("cautions",), entry.cautions)
    yield from _sources(("premises",), entry.premises)
    for number, ref in enumerate(entry.sources):
        yield ("sources", number), "source", ref
    for number, ref in enumerate(entry.see_also):
        yield ("see_also", number), "entry", ref
    yield from _single(entry)


def _sources(where: Where, statements: Iterable[Fact | Basis | Premise]) -> Iterator[tuple[Where, str, str]]:
    for number, statement in enumerate(statements):
        for place, ref in enumerate(statement.sources):
            yield (*where, number, "sources", place), "source", ref


def _single(entry: Entry) -> Iterator[tuple[Where, str, str]]:
    if entry.section:
        yield ("section",), "section", entry.section
    if entry.moved and entry.moved.body:
        yield ("moved", "body"), "body", entry.moved.body
    if entry.moved and entry.moved.entry:
        yield ("moved", "entry"), "entry", entry.moved.entry
    if entry.handling and entry.handling.body:
        yield ("handling", "body"), "body", entry.handling.body
