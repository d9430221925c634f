"""Turns the documents of ``bureau.yml`` and ``sources.yml`` into the bureau and its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from typing import Any

from bot.desk.bureau import Bureau, ExternalBody, Office, Section, Source
from bot.storage.problems import Issue, Where

Document = dict[str, Any]


def bureau_of(document: Document) -> Bureau:
    """Give the bureau of a document that satisfies its schema and its rules."""
    get = document.get
    return Bureau(
        name=document["name"],
        short_names=tuple(get("short_names") or ()),
        former_names=tuple(get("former_names") or ()),
        address=get("address"),
        phone=get("phone"),
        website=get("website"),
        hours=get("hours"),
        sections={s["id"]: _section(s) for s in document["sections"]},
        bodies={b["id"]: _body(b) for b in document["bodies"]},
        default_section=document["default_section"],
        latitude=_degrees(get("latitude")),
        longitude=_degrees(get("longitude")),
        offices=tuple(_office(found) for found in get("offices") or ()),
    )


def sources_of(document: Document) -> dict[str, Source]:
    """Give the sources of a document that satisfies its schema, by id."""
    return {
        source_id: Source(source_id, s["kind"], s["title"], s.get("url"), s.get("checked"))
        for source_id, s in document.items()
    }


def bureau_issues(document: Document) -> list[Issue]:
    """Give what is wrong inside a bureau document that satisfies its schema."""
    issues = [*_double(document, "sections"), *_double(document, "bodies")]
    if document["default_section"] not in {s["id"] for s in document["sections"]}:
        named = document["default_section"]
        fix = "请改为 sections 里有的标识"
        issues.append(Issue(("default_section",), f"没有科室「{named}」", fix))
    return issues


def source_references(document: Document) -> tuple[tuple[Where, str], ...]:
    """Give every id of a source that a bureau document names, with its place."""
    return tuple(_walk((), document))


def unknown_sources(references: tuple[tuple[Where, str], ...], sources: Set[str]) -> list[Issue]:
    """Give an issue for each reference of a bureau document to a source that is not listed."""
    fix = "请改为 data/sources.yml 里有的标识,或先在那里登记"
    return [Issue(where, f"没有来源「{ref}」", fix) for where, ref in references if ref not in sources]


def _section(found: Document) -> Section:
    get = found.get
    functions = tuple(get("functions") or ())
    return Section(found["id"], found["name"], functions, found["confirmed"], get("role"), get("phone"))


def _body(found: Document) -> ExternalBody:
    get = found.get
    words = tuple(get("words") or ())
    return ExternalBody(
        found["id"], found["name"], tuple(found["takes"]), words, get("phone"), get("phone_as_of")
    )


def _office(found: Document) -> Office:
    get = found.get
    place = _degrees(get("latitude")), _degrees(get("longitude"))
    return Office(found["name"], get("address"), get("phone"), *place)


def _degrees(text: str | None) -> float | None:
    return None if text is None else float(text)


def _double(document: Document, name: str) -> Iterator[Issue]:
    counted = Counter(part["id"] for part in document[name])
    for number, part in enumerate(document[name]):
        if counted[part["id"]] > 1:
            yield Issue((name, number, "id"), f"标识「{part['id']}」重复", "请换一个没有用过的标识")


def _walk(where: Where, value: Any) -> Iterator[tuple[Where, str]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk((*where, number), item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "sources" or key.endswith("_sources"):
                yield from (((*where, key, n), ref) for n, ref in enumerate(item))
            else:
                yield from _walk((*where, key), item)
