"""Reads and writes ``<id>.questions.txt``: one question a line, and behind a bar the facets it asks for.

A line that begins with 「…」 is a follow-up: a question that does not name the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.desk.entries import Facet, Question
from bot.storage.problems import Issue, shortened
from bot.storage.yaml_faults import decode_fault

_LARGEST = 1_000_000
_LONGEST = 300
_BY_NAME = {f.value: f for f in Facet}
_FACETS = "、".join(_BY_NAME)
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]")
FOLLOWING = "…"
"""What a follow-up begins with."""
_SEPARATOR = re.compile(r"[,,、\s]+")


@dataclass
class QuestionFile:
    """The questions of a file, each with its line, and what is wrong; issues stand at ``(line,)``."""

    questions: list[Question] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def read_questions(raw: bytes) -> QuestionFile:
    """Read the bytes of a questions file; every line that is wrong becomes an issue."""
    found = QuestionFile()
    fault = decode_fault(raw, _LARGEST)
    if fault is not None:
        broken, issue = fault
        found.issues.append(Issue((broken or 1,), issue.message, issue.fix))
        return found
    for number, line in enumerate(raw.decode("utf-8").split("\n"), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            _take(text, number, found)
    return found


def _take(line: str, number: int, found: QuestionFile) -> None:
    text, bar, behind = line.rpartition("|")
    words = [w for w in _SEPARATOR.split(behind.strip()) if w] if bar else []
    text = (text if bar else line).strip()
    text, follow_up = unmarked(text)
    issues = [Issue((number,), message, fix) for message, fix in _faults(text, words)]
    found.issues.extend(issues)
    if not issues:
        facets = tuple(dict.fromkeys(_BY_NAME[w] for w in words))
        found.questions.append(Question(text, facets, follow_up))
        found.lines.append(number)


def _faults(text: str, words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        if word not in _BY_NAME:
            yield (
                f"不认识的方面「{shortened(word)}」",
                f"请改为其中之一:{_FACETS};问句里本来就有竖线的,请在行尾再加一个“|”",
            )
    yield from text_faults(text)


def text_faults(text: str) -> Iterator[tuple[str, str]]:
    """Give what is wrong with the wording of a question, each with how to mend it."""
    if not text:
        yield "没有问句", "请补上问句或删去这一行"
    if len(text) > _LONGEST:
        yield f"问句有 {len(text)} 个字,太长", f"请缩短到 {_LONGEST} 字以内"
    if _UNSEEN.search(text):
        yield "问句里有换行、制表符或看不见的控制字符", "请删去或换成空格"


def marked(question: Question) -> str:
    """Give the text of a question with the mark of a follow-up, as people edit it."""
    text = "\\" + question.text if question.text[:1] in ("#", "\\", FOLLOWING) else question.text
    return FOLLOWING + text if question.follow_up else text


def unmarked(text: str) -> tuple[str, bool]:
    """Give the text of an edited question, and whether it is a follow-up."""
    follow_up = text.startswith(FOLLOWING)
    text = text.lstrip(FOLLOWING).lstrip() if follow_up else text
    return (text[1:] if text.startswith("\\") else text), follow_up


def question_line(question: Question) -> str:
    """Give the line of a question, such that reading it gives the question back."""
    text = marked(question)
    facets = ",".join(f.value for f in question.facets)
    if facets:
        return f"{text} | {facets}"
    return f"{text} |" if "|" in text else text


def questions_text(questions: Iterable[Question], before: str = "") -> str:
    """Give the content of a questions file; comments and blank lines of the file ``before`` are kept.

    They stay above the question they stood above, or above the next one that is still there.
    """
    above, end = _between(before)
    order = list(above)
    lines: list[str] = []
    for line in (question_line(question) for question in questions):
        if line in above:
            passed = order[: order.index(line) + 1]
            order = order[len(passed) :]
            lines += [kept for gone in passed for kept in above.pop(gone)]
        lines.append(line)
    lines += [kept for gone in order for kept in above[gone] if kept] + end
    return "".join(f"{line}\n" for line in lines)


def _between(before: str) -> tuple[dict[str, list[str]], list[str]]:
    """Give the comments and blank lines above each question of a file, and those at its end."""
    held: list[str] = []
    found: dict[str, list[str]] = {}
    for line in before.splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            held.append(text)
        else:
            found.setdefault(text, []).extend(held)
            held = []
    return found, held
