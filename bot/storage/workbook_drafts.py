"""Puts the rows of a workbook together into entries, and finds the cell where an entry is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.desk.entries import Entry, Facet, Kind, Question
from bot.storage.catalogue_listing import is_entry_id
from bot.storage.catalogue_readers import entry_issues
from bot.storage.entry_documents import FILE_FACETS, Document, entry_of
from bot.storage.problems import Issue, Where
from bot.storage.question_files import text_faults, unmarked
from bot.storage.workbook_layout import Layout
from bot.storage.workbook_read import ReadBook, ReadRow, SheetError

_FACETS = tuple(facet.value for facet in FILE_FACETS)
Place = tuple[str, str]
"""The sheet and the cell."""


@dataclass
class Draft:
    """An entry being put together; ``cells`` says where each part of its document stands."""

    id: str
    kind: Kind | None
    version: str | None
    document: Document
    cells: dict[Where, Place]
    questions: list[Question] = field(default_factory=list)

    def place(self, where: Where) -> Place:
        """Give the cell of a part of the document, of something inside it, or of what it is inside."""
        for end in range(len(where), 0, -1):
            part = where[:end]
            inside = (cell for known, cell in self.cells.items() if known[:end] == part)
            cell = self.cells.get(part) or next(inside, None)
            if cell is not None:
                return cell
        return self.cells[()]

    def error(self, issue: Issue) -> SheetError:
        """Give an issue of the entry as an error of its cell."""
        return SheetError(issue.message, issue.fix, *self.place(issue.where))

    def entry(self) -> Entry:
        """Give the entry; for a draft without issues only."""
        assert self.kind is not None
        return replace(entry_of(self.document, self.id, self.kind), questions=tuple(self.questions))


def drafts_of(book: ReadBook, layout: Layout) -> dict[str, Draft]:
    """Give the entries of a workbook by id, and add to its errors what does not fit together."""
    drafts: dict[str, Draft] = {}
    for row in book.rows[""]:
        entry_id = row.values.get("id")
        if entry_id in drafts:
            first = drafts[entry_id].cells[()][1]
            book.errors.append(
                _error(row, f"标识「{entry_id}」和 {first} 重复", "请改成不同的标识或删去一行")
            )
        elif entry_id is not None and not is_entry_id(entry_id):
            fix = "请只用小写字母、数字和中间的连字符,如 project-filing"
            book.errors.append(_error(row, f"标识「{entry_id}」写法不对", fix))
        elif entry_id is not None:
            drafts[entry_id] = _draft(entry_id, row)
    for sheet in layout.sheets[1:]:
        for row in book.rows[sheet.into]:
            _add(row, drafts, book.errors, layout)
    for draft in drafts.values():
        if draft.kind is Kind.SERVICE:
            facets = draft.document.get("facets", {})
            draft.document["facets"] = {name: facets.get(name, "unknown") for name in _FACETS}
    return drafts


def draft_errors(draft: Draft, layout: Layout) -> Iterator[SheetError]:
    """Give what is wrong inside one entry. A draft of an unknown kind has been told already."""
    if draft.kind is not None:
        for issue in entry_issues(draft.document, draft.kind):
            missing = next((s for s in layout.sheets if s.into and issue.where == (s.into,)), None)
            if missing is not None and missing.into not in draft.document:
                fix = f"请在工作表「{missing.name}」里给这个条目加一行"
                issue = Issue((), f"缺少「{missing.name}」", fix)
            yield draft.error(issue)
    for number, question in enumerate(draft.questions):
        for message, fix in text_faults(question.text):
            yield draft.error(Issue(("questions", number, "text"), message, fix))


def _draft(entry_id: str, row: ReadRow) -> Draft:
    values = dict(row.values)
    kind, version = values.pop("kind", None), values.pop("version", None)
    del values["id"]
    cells: dict[Where, Place] = {(): (row.sheet.name, row.cells["id"])}
    document: Document = {}
    for key, place in row.cells.items():
        cells[tuple(key.split("."))] = row.sheet.name, place
    for key, value in values.items():
        outer, _, inner = key.partition(".")
        if inner:
            document.setdefault(outer, {})[inner] = value
        else:
            document[outer] = value
    return Draft(entry_id, Kind(kind) if kind else None, version, document, cells)


def _add(row: ReadRow, drafts: dict[str, Draft], errors: list[SheetError], layout: Layout) -> None:
    values: dict[str, Any] = dict(row.values)
    entry_id = values.pop("id", None)
    draft = drafts.get(entry_id or "")
    into = row.sheet.into
    if draft is None:
        if entry_id is not None:
            main = layout.sheets[0].name
            fix = f"请先在工作表「{main}」里加上这个条目,或者改正标识"
            errors.append(_error(row, f"工作表「{main}」里没有标识「{entry_id}」", fix))
    elif into == "questions":
        _place(draft, ("questions", len(draft.questions)), row)
        facets = tuple(Facet(name) for name in values.get("facets", ()))
        text, follow_up = unmarked(values.get("text", "?"))
        draft.questions.append(Question(text, facets, follow_up))
    elif row.sheet.single:
        if into in draft.document:
            errors.append(_error(row, f"条目「{entry_id}」在这张表里有两行", "请合并成一行"))
        draft.document[into] = values
        _place(draft, (into,), row)
    elif into != "statements" or "facet" in values:
        part = values.pop("facet", into)
        where: Where = ("facets", part) if part in _FACETS else (part,)
        holder = draft.document.setdefault("facets", {}) if part in _FACETS else draft.document
        listed = holder.setdefault(part, [])
        _place(draft, (*where, len(listed)), row)
        listed.append(values)


def _place(draft: Draft, where: Where, row: ReadRow) -> None:
    """Remember the cells of a row."""
    draft.cells[where] = row.sheet.name, row.cells["id"]
    for key, cell in row.cells.items():
        inside: Where = (*where, key)
        draft.cells[inside] = row.sheet.name, cell


def _error(row: ReadRow, message: str, fix: str) -> SheetError:
    return SheetError(message, fix, row.sheet.name, row.cells["id"])
