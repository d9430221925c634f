"""From the forms of the improvement page to proposals that the catalogue can hold."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Kind, Question
from bot.desk.masking import mask
from bot.desk.proposals import Proposal, ProposalError, ProposalKind, without_names
from bot.storage.catalogue_readers import entry_issues
from bot.storage.question_files import question_line, text_faults, unmarked

MOST_LINES = 30
KINDS = (Kind.HOTLINE, Kind.DISCLOSURE)
_LETTER = {Kind.HOTLINE: "h", Kind.DISCLOSURE: "d"}


def questions_of(text: str, catalogue: Catalogue, entry: str | None) -> list[str]:
    """Give the lines of new questions. Raises ``ProposalError`` with what is wrong with which."""
    known = {q.text: e for e in catalogue for q in e.openings}
    lines: list[str] = []
    for written in dict.fromkeys(part.strip() for part in text.splitlines() if part.strip()):
        line, follow_up = unmarked(written)
        for message, fix in text_faults(line):
            raise ProposalError("bad_question", f"「{line[:30]}」{message},{fix}。")
        if without_names(line) != line or mask(line) != line:
            raise ProposalError("names_in_question", f"「{line[:30]}」里有能认出是谁的内容,请先去掉。")
        if line in known and not follow_up:
            where = "这个事项" if known[line].id == entry else f"「{known[line].name}」"
            raise ProposalError("known_question", f"「{line[:30]}」已经在{where}里了。")
        lines.append(question_line(Question(line, follow_up=follow_up)))
    if not lines or len(lines) > MOST_LINES:
        raise ProposalError("no_questions", f"请写 1 至 {MOST_LINES} 个问法,一行一个。")
    return lines


def entry_document(form: Mapping[str, str], catalogue: Catalogue) -> tuple[str, dict[str, Any]]:
    """Give id and content of a new entry. Raises ``ProposalError`` that names the field."""
    try:
        kind = Kind(form.get("kind", ""))
    except ValueError as error:
        raise ProposalError("bad_kind") from error
    if kind not in KINDS:
        raise ProposalError("bad_kind")
    section = form.get("section") or catalogue.bureau.default_section
    basis = {"document": form.get("document", ""), "number": form.get("number") or None}
    basis |= {"article": form.get("article") or None}
    document: dict[str, Any] = {
        "code": free_code(catalogue, _LETTER[kind]),
        "name": form.get("name", ""),
        "questions": [],
        "summary": form.get("summary", ""),
        "status": "current",
        "review": {"state": "draft"},
        "section": section,
        "basis": [{key: value for key, value in basis.items() if value}],
        "facts": [{"text": line.strip()} for line in form.get("facts", "").splitlines() if line.strip()],
        "sources": [],
    }
    if aliases := _split(form.get("aliases", "")):
        document["aliases"] = aliases
    if kind is Kind.HOTLINE:
        route = catalogue.bureau.sections[section].name if section in catalogue.bureau.sections else section
        handling = {"kind": "consult", "in_scope": "yes", "route": route, "body": None, "sensitive": False}
        document["handling"] = handling
    questions = questions_of(form.get("questions", ""), catalogue, None)
    _check(document, kind, catalogue)
    key = f"{_LETTER[kind]}-{secrets.token_hex(4)}"
    return key, {"kind": kind.value, "document": document, "questions": questions}


def reviewed(proposal: Proposal, catalogue: Catalogue, post: str, day: date) -> dict[str, Any]:
    """Give the content with its review written in: by which post, on which day.

    A code that was given to another entry meanwhile is replaced.
    """
    content = dict(proposal.content)
    if proposal.kind is ProposalKind.QUESTIONS:
        return content
    document = {**content["document"], "review": {"state": "reviewed", "by": post, "on": day.isoformat()}}
    if catalogue.by_code(document["code"]):
        document["code"] = free_code(catalogue, document["code"][0])
    return {**content, "document": document}


def free_code(catalogue: Catalogue, letter: str) -> str:
    """Give a code that no entry has."""
    taken = {entry.code for entry in catalogue}
    return next(code for code in (f"{letter}{n}" for n in range(900, 100_000)) if code not in taken)


def _check(document: Mapping[str, Any], kind: Kind, catalogue: Catalogue) -> None:
    faults = [
        f"{issue.message}({issue.fix})" for issue in entry_issues(dict(document), kind) if not issue.warning
    ]
    names = {name for entry in catalogue for name in (entry.name, *entry.aliases)}
    faults += [
        f"名称「{name}」已经有了"
        for name in (document["name"], *document.get("aliases", ()))
        if name in names
    ]
    if document["section"] not in catalogue.bureau.sections:
        faults.append("没有这个科室")
    if not document["basis"][0].get("document"):
        faults.append("请写明依据的文件")
    if not document["facts"]:
        faults.append("请至少写一条答复内容")
    if faults:
        raise ProposalError("bad_entry", "；".join(faults) + "。")


def _split(text: str) -> list[str]:
    for mark in ",、;；\n":
        text = text.replace(mark, ",")
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
