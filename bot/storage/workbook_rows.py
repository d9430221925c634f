"""Lays the entries of a catalogue out as the rows of the workbook's sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from bot.desk.bureau import Bureau
from bot.desk.entries import Entry
from bot.storage.catalogue_yaml import entry_yaml
from bot.storage.entry_documents import FILE_FACETS, Document, document_of
from bot.storage.question_files import marked, questions_text
from bot.storage.workbook_cells import Choices
from bot.storage.workbook_layout import Layout

Row = Mapping[str, Any]
"""The values of a row, by the keys of its columns."""


def all_choices(layout: Layout, bureau: Bureau) -> Choices:
    """Give the lists of choices, with the sections and the bodies of the bureau."""
    sections = {section.id: section.name for section in bureau.sections.values()}
    bodies = {body.id: body.name for body in bureau.bodies.values()}
    return {**layout.choices, "section": sections, "body": bodies}


def entry_version(entry: Entry) -> str:
    """Give what changes when an entry changes, to find out whether it was edited since an export."""
    content = entry_yaml(entry, ()) + questions_text(entry.questions)
    return "v" + blake2b(content.encode(), digest_size=6).hexdigest()


def rows_of(entry: Entry) -> dict[str, list[Row]]:
    """Give the rows of an entry, by what the sheets go ``into``."""
    document = document_of(entry, ())
    rows = {
        "": [_main(entry, document)],
        "statements": list(_statements(document)),
        "basis": document.get("basis", []),
        "premises": document.get("premises", []),
        "questions": [{"text": marked(q), "facets": [f.value for f in q.facets]} for q in entry.questions],
        "publication": [document["publication"]] if "publication" in document else [],
        "handling": [document["handling"]] if "handling" in document else [],
    }
    return {into: [{**row, "id": entry.id} for row in found] for into, found in rows.items()}


def _main(entry: Entry, document: Document) -> Row:
    flat = {key: value for key, value in document.items() if not isinstance(value, dict)}
    for part in ("effective", "review", "moved"):
        flat |= {f"{part}.{key}": value for key, value in document.get(part, {}).items()}
    return {**flat, "kind": entry.kind.value, "version": entry_version(entry)}


def _statements(document: Document) -> Iterator[Row]:
    for facet in FILE_FACETS:
        facts = document.get("facets", {}).get(facet.value, [])
        yield from ({**fact, "facet": facet.value} for fact in facts if isinstance(fact, dict))
    for part in ("facts", "cautions"):
        yield from ({**fact, "facet": part} for fact in document.get(part, []))
