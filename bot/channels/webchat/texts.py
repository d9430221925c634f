"""The texts of the web chat that an office edits: greeting, questions to tap, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.desk.errors import CatalogueError
from bot.desk.messages import QuickReply

REFUSALS = frozenset(
    (
        "malformed",
        "unknown_type",
        "binary",
        "too_large",
        "not_text",
        "hello_first",
        "hello_twice",
        "bad_session",
        "too_fast",
        "too_many_pages",
        "too_many_lines",
        "unavailable",
        "foreign_origin",
    )
)


@dataclass(frozen=True)
class Topic:
    """A heading of the page, with questions that can be tapped."""

    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """What the page says beside the labels of its controls; ``{bureau}`` stands for the bureau's name."""

    title: str
    assistant: str
    staff: str
    welcome: tuple[str, ...]
    examples: tuple[str, ...]
    topics: tuple[Topic, ...]
    privacy: str
    person: QuickReply
    refusals: Mapping[str, str]

    def refusal(self, code: str, **values: object) -> str:
        """Give the sentence for a refusal."""
        return self.refusals[code].format(**values)


def read_texts(path: Path) -> Texts:
    """Read ``webchat.yml``. Raises ``CatalogueError`` naming the file, the field and what it should be."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path}: {error}", f"网页聊天的文字文件 {path} 读不出来:{error}") from error
    return _Fields(path, content).texts()


class _Fields:
    def __init__(self, path: Path, content: Any) -> None:
        self._path = path
        self._content = content if isinstance(content, dict) else {}

    def texts(self) -> Texts:
        person = self._mapping("person", ("title", "payload"))
        refusals = self._mapping("refusals", REFUSALS)
        for code, sentence in refusals.items():
            self._check_braces(f"refusals.{code}", sentence)
        return Texts(
            title=self._text("title"),
            assistant=self._text("assistant"),
            staff=self._text("staff"),
            welcome=self._list("welcome", self._content.get("welcome")),
            examples=self._list("examples", self._content.get("examples")),
            topics=self._topics(),
            privacy=self._text("privacy"),
            person=QuickReply(person["title"], person["payload"]),
            refusals=refusals,
        )

    def _text(self, field: str) -> str:
        value = self._content.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(field, "a sentence", "一句话")
        return value.strip()

    def _list(self, field: str, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else []
        if not items or not all(isinstance(item, str) and item.strip() for item in items):
            raise self._wrong(field, "a list of sentences", "一列句子(每行以“- ”开头)")
        return tuple(item.strip() for item in items)

    def _mapping(self, field: str, names: Any) -> dict[str, str]:
        value = self._content.get(field)
        value = value if isinstance(value, dict) else {}
        for name in names:
            if not isinstance(value.get(name), str) or not value[name].strip():
                raise self._wrong(f"{field}.{name}", "a sentence", "一句话")
        return {name: value[name].strip() for name in names}

    def _topics(self) -> tuple[Topic, ...]:
        value = self._content.get("topics")
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._wrong("topics", "a list of title and questions", "若干组 title 和 questions")
        return tuple(self._topic(n, topic) for n, topic in enumerate(value, 1))

    def _topic(self, number: int, topic: dict[str, Any]) -> Topic:
        title = topic.get("title")
        if not isinstance(title, str) or not title.strip():
            raise self._wrong(f"topics[{number}].title", "a heading", "一个标题")
        return Topic(title.strip(), self._list(f"topics[{number}].questions", topic.get("questions")))

    def _check_braces(self, field: str, sentence: str) -> None:
        try:
            sentence.format(seconds=0)
        except (KeyError, IndexError, ValueError) as error:
            expected = "a sentence with no braces but {seconds}"
            raise self._wrong(field, expected, "一句话,花括号只能写 {seconds}") from error

    def _wrong(self, field: str, expected: str, expected_zh: str) -> CatalogueError:
        return CatalogueError(
            f"{self._path}: {field} must be {expected}",
            f"网页聊天的文字文件 {self._path} 里 {field} 应为{expected_zh}。",
        )
