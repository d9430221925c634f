"""Turns the document of an entry (the content of its file) into an entry, and an entry into its document."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from bot.desk.entries import (
    Basis,
    Entry,
    Facet,
    Fact,
    Handling,
    Kind,
    Moved,
    Premise,
    Publication,
    Question,
    Review,
    ReviewState,
    Status,
)

Document = dict[str, Any]

FILE_FACETS = (
    Facet.CONDITIONS, Facet.MATERIALS, Facet.STEPS, Facet.TIME_LIMIT,
    Facet.FEE, Facet.CONTACT, Facet.WINDOW, Facet.ONLINE,
)  # fmt: skip
"""The facets of a service item that stand under ``facets``, in the order of the file."""


def entry_of(document: Document, entry_id: str, kind: Kind) -> Entry:
    """Give the entry of a document that satisfies its schema and holds real dates."""
    get = document.get
    effective = get("effective") or {}
    return Entry(
        id=entry_id,
        code=document["code"],
        kind=kind,
        name=document["name"],
        status=Status(document["status"]),
        review=_review(document["review"]),
        summary=get("summary"),
        status_note=get("status_note"),
        aliases=tuple(get("aliases") or ()),
        questions=tuple(Question(text) for text in get("questions") or ()),
        basis=tuple(_basis(b) for b in get("basis") or ()),
        facets=_facets(get("facets") or {}),
        facts=_facts(get("facts")),
        cautions=_facts(get("cautions")),
        premises=tuple(_premise(p) for p in get("premises") or ()),
        section=get("section"),
        moved=Moved(**document["moved"]) if get("moved") else None,
        effective_from=_date(effective.get("from")),
        effective_to=_date(effective.get("to")),
        see_also=tuple(get("see_also") or ()),
        publication=Publication(**document["publication"]) if "publication" in document else None,
        handling=Handling(**document["handling"]) if "handling" in document else None,
        sources=tuple(get("sources") or ()),
        internal_note=get("internal_note"),
    )


def document_of(entry: Entry, questions: tuple[str, ...]) -> Document:
    """Give the document of an entry in the order of the house; ``questions`` are those of its own file.

    Dates stay dates; what is empty is left out, but an unpublished facet of a service item is ``unknown``.
    """
    effective = {"from": entry.effective_from, "to": entry.effective_to}
    document: Document = {
        "code": entry.code,
        "name": entry.name,
        "aliases": list(entry.aliases),
        "questions": list(questions),
        "summary": entry.summary,
        "status": entry.status.value,
        "status_note": entry.status_note,
        "effective": {k: v for k, v in effective.items() if v},
        "review": _without_nothing(
            {"state": entry.review.state.value, "by": entry.review.by, "on": entry.review.on}
        ),
        "section": entry.section,
        "basis": [_brief(b) for b in entry.basis],
        "facets": _facets_document(entry),
        "facts": [_brief(f) for f in entry.facts],
        "cautions": [_brief(f) for f in entry.cautions],
        "premises": [_brief(p) for p in entry.premises],
        "moved": _without_nothing(_whole(entry.moved) or {}),
        "see_also": list(entry.see_also),
        "handling": _whole(entry.handling),
        "publication": _whole(entry.publication),
        "sources": list(entry.sources),
        "internal_note": entry.internal_note,
    }
    return {k: v for k, v in document.items() if v is not None and v != [] and v != {}}


def _review(found: Document) -> Review:
    return Review(ReviewState(found["state"]), found.get("by"), _date(found.get("on")))


def _basis(found: Document) -> Basis:
    if "sources" in found:
        found = {**found, "sources": tuple(found["sources"])}
    return Basis(**found)


def _fact(found: Document) -> Fact:
    get = found.get
    return Fact(
        found["text"], tuple(get("sources") or ()), get("elsewhere"), get("past", False), get("as_of")
    )


def _premise(found: Document) -> Premise:
    return Premise(tuple(found["said"]), found["correction"], tuple(found.get("sources") or ()))


def _facts(found: list[Document] | None) -> tuple[Fact, ...]:
    return tuple(_fact(f) for f in found or ())


def _facets(found: dict[str, Any]) -> dict[Facet, tuple[Fact, ...]]:
    return {Facet(k): _facts(v) for k, v in found.items() if isinstance(v, list)}


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _facets_document(entry: Entry) -> Document:
    if entry.kind is not Kind.SERVICE:
        return {}
    told = entry.facets
    return {f.value: [_brief(fact) for fact in told[f]] if told.get(f) else "unknown" for f in FILE_FACETS}


def _without_nothing(document: Document) -> Document:
    return {k: v for k, v in document.items() if v is not None}


def _brief(statement: Fact | Basis | Premise) -> Document:
    """Give only what says something: no empty list, no ``false``, no ``null``."""
    document = {f.name: getattr(statement, f.name) for f in fields(statement)}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in document.items() if v}


def _whole(part: Moved | Handling | Publication | None) -> Document | None:
    """Give every field, also the unknown ones, so that the editor sees what may be filled in."""
    return None if part is None else {f.name: getattr(part, f.name) for f in fields(part)}
