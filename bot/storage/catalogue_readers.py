"""Reads the four kinds of file in a catalogue into what they mean, or into what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.desk.bureau import Bureau, Source
from bot.desk.entries import Entry, Kind, Question
from bot.storage.bureau_documents import bureau_issues, bureau_of, source_references, sources_of
from bot.storage.catalogue_listing import FoundFile
from bot.storage.entry_documents import entry_of
from bot.storage.entry_rules import References, date_issues, references_of
from bot.storage.problems import Issue, Problem, Where, told
from bot.storage.question_files import read_questions
from bot.storage.schema_check import schema_check
from bot.storage.yaml_reading import lines_of, read_yaml

Problems = list[Problem]


@dataclass(frozen=True)
class EntryFile:
    """An entry as its YAML file has it, and the ids it refers to."""

    entry: Entry
    references: References


@dataclass(frozen=True)
class QuestionsFile:
    """The questions of a questions file, and the line of each."""

    questions: tuple[Question, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class BureauFile:
    """The bureau, and each id of a source that its file names."""

    bureau: Bureau
    sources: tuple[tuple[Where, str], ...]


def read_entry(file: FoundFile, raw: bytes) -> tuple[EntryFile | None, Problems]:
    """Read the file of an entry."""
    kind = file.kind or Kind.CONTACT
    document, problems = _document("entry", file, raw, kind)
    if document is None:
        return None, problems
    entry = entry_of(document, file.id, kind)
    return EntryFile(entry, references_of(entry)), problems


def read_questions_file(file: FoundFile, raw: bytes) -> tuple[QuestionsFile | None, Problems]:
    """Read a questions file; one bad line makes the file bad."""
    found = read_questions(raw)
    problems = [Problem(file.path, "", i.message, i.fix, int(i.where[0])) for i in found.issues]
    return None if problems else QuestionsFile(tuple(found.questions), tuple(found.lines)), problems


def read_bureau(file: FoundFile, raw: bytes) -> tuple[BureauFile | None, Problems]:
    """Read ``bureau.yml``."""
    document, problems = _document("bureau", file, raw)
    if document is None:
        return None, problems
    return BureauFile(bureau_of(document), source_references(document)), problems


def read_sources(file: FoundFile, raw: bytes) -> tuple[dict[str, Source] | None, Problems]:
    """Read ``sources.yml``."""
    document, problems = _document("sources", file, raw)
    return None if document is None else sources_of(document), problems


def entry_issues(document: Any, kind: Kind) -> list[Issue]:
    """Give what is wrong inside the document of an entry of a kind."""
    if isinstance(document, dict) and "kind" in document:
        return [Issue(("kind",), "不认识的字段「kind」", "请删去:类别就是文件所在的文件夹")]
    if isinstance(document, dict):
        document = {**document, "kind": kind.value}
    return schema_check("entry").issues(document) or date_issues(document)


def _document(
    name: str, file: FoundFile, raw: bytes, kind: Kind | None = None
) -> tuple[dict[str, Any] | None, Problems]:
    """Give the document of a file when nothing is wrong with it."""
    reading = read_yaml(raw)
    issues = reading.issues or _issues(name, reading.value, kind)
    if not issues:
        return reading.value, []
    lines = {} if reading.value is None else lines_of(raw, {issue.where for issue in issues})
    return None, [told(issue, file.path, lines.get(issue.where, reading.line)) for issue in issues]


def _issues(name: str, document: Any, kind: Kind | None) -> list[Issue]:
    if kind is not None:
        return entry_issues(document, kind)
    issues = schema_check(name).issues(document)
    return issues or (bureau_issues(document) if name == "bureau" else [])
