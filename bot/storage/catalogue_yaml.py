"""Writes an entry as the YAML file and the questions file that its editors know."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from bot.desk.entries import Entry, Question
from bot.storage.entry_documents import document_of
from bot.storage.question_files import questions_text

_ONE_LINE = ("sources", "see_also", "said")
_FIRST_QUESTIONS = 5
"""How many questions of a new entry stand in its own file; the rest go beside it."""


class _HouseDumper(yaml.CSafeDumper):
    """Block style in the given order, short lists on one line, long texts unbroken, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _OneLine(list[str]):
    """A list that is written on one line."""


def _one_line(dumper: _HouseDumper, items: _OneLine) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


def _text(dumper: _HouseDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_HouseDumper.add_representer(_OneLine, _one_line)
_HouseDumper.add_representer(str, _text)


def split_questions(
    questions: tuple[Question, ...], own: int = _FIRST_QUESTIONS
) -> tuple[tuple[str, ...], tuple[Question, ...]]:
    """Part the questions of an entry: at most ``own`` plain ones at the start into its file, the rest beside.

    Their order is kept, because a reader of both files puts those of the entry's own file first.
    """
    first: list[str] = []
    for question in questions[:own]:
        if question.facets or question.follow_up or question.text in first:
            break
        first.append(question.text)
    return tuple(first), questions[len(first) :]


def entry_files(entry: Entry, own: int = _FIRST_QUESTIONS, beside: str = "") -> tuple[str, str]:
    """Give the content of ``<id>.yml`` and of ``<id>.questions.txt``; the latter is empty when not needed.

    ``own`` is how many questions the entry's file has now, ``beside`` the questions file as it is now,
    whose comments are kept.
    """
    first, rest = split_questions(entry.questions, own)
    return entry_yaml(entry, first), questions_text(rest, beside) if rest else ""


def entry_yaml(entry: Entry, questions: tuple[str, ...]) -> str:
    """Give the content of ``<id>.yml`` with these of the entry's questions. Reading it gives them back."""
    return yaml.dump(
        _styled(document_of(entry, questions)),
        Dumper=_HouseDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100_000,
    )


def _styled(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _styled(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return _OneLine(value) if key in _ONE_LINE else [_styled(v) for v in value]
    assert value is None or isinstance(value, (str, bool, date))
    return value
