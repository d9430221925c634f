"""The texts of an official account that an office edits: welcome, hints, menu, notice, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.desk.errors import CatalogueError

# Every sentence there must be, with the braces that it may hold.
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "welcome": ("bureau",),
    "image": (),
    "voice": (),
    "video": (),
    "link": (),
    "unknown": (),
    "empty": (),
    "nearest": ("name", "address", "phone", "distance"),
    "office": ("name", "address", "phone"),
    "staff": ("text",),
    "suggestions": ("choices",),
    "more": (),
    "rest": ("link", "days"),
    "page_title": ("bureau",),
    "page_note": (),
    "page_gone": (),
    "unknown_key": (),
}
# What stands in the transcript for a message that is no text.
MARKS = ("image", "voice", "video", "link", "location", "unknown", "subscribe", "menu")
REASONS = (
    "window_closed",
    "quota_spent",
    "not_following",
    "bad_recipient",
    "refused",
    "no_api",
    "unanswered",
    "paused",
    "too_long",
)
MENU = ("services", "disclosure", "more")


@dataclass(frozen=True)
class MenuItem:
    """An item of the menu that an office has written: a tap asks this question, or opens this page."""

    title: str
    ask: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Notice:
    """The subscribe message that tells of an answer: its template at the platform, and what it says."""

    template: str
    page: str | None
    data: Mapping[str, str]
    long_term: bool


@dataclass(frozen=True)
class Texts:
    """All texts. ``survey`` are the choices that are offered as a survey; ``reasons`` are for staff."""

    sentences: Mapping[str, str]
    marks: Mapping[str, str]
    reasons: Mapping[str, str]
    menu: Mapping[str, str]
    more: tuple[MenuItem, ...]
    survey: tuple[str, ...]
    notice: Notice | None

    def say(self, sentence: str, /, **values: object) -> str:
        """Give a sentence with its braces filled."""
        return self.sentences[sentence].format(**values)


def read_texts(path: Path) -> Texts:
    """Read ``official_account.yml``. Raises ``CatalogueError`` naming file, field and what it should be."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path}: {error}", f"公众号的文字文件 {path} 读不出来:{error}") from error
    return _Reader(path).texts(content if isinstance(content, dict) else {})


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def texts(self, content: Mapping[str, Any]) -> Texts:
        sentences = {name: self._sentence(content, name, braces) for name, braces in SENTENCES.items()}
        return Texts(
            sentences=sentences,
            marks=self._words(content, "marks", MARKS),
            reasons=self._words(content, "reasons", REASONS),
            menu=self._words(content, "menu", MENU),
            more=tuple(self._item(number, item) for number, item in enumerate(self._items(content), 1)),
            survey=tuple(str(choice) for choice in content.get("survey") or ()),
            notice=self._notice(content.get("notice")),
        )

    def _sentence(self, content: Mapping[str, Any], name: str, braces: tuple[str, ...]) -> str:
        text = self._text(content, name, name)
        try:
            text.format(**dict.fromkeys(braces, ""))
        except (KeyError, IndexError, ValueError) as error:
            allowed = "、".join(f"{{{brace}}}" for brace in braces) or "不能写花括号"
            raise self._wrong(
                name, f"a sentence with no braces but {braces}", f"一句话({allowed})"
            ) from error
        return text

    def _words(self, content: Mapping[str, Any], field: str, names: tuple[str, ...]) -> dict[str, str]:
        group = content.get(field)
        group = group if isinstance(group, dict) else {}
        return {name: self._text(group, name, f"{field}.{name}") for name in names}

    def _items(self, content: Mapping[str, Any]) -> list[Any]:
        items = content.get("menu_more")
        if not isinstance(items, list) or not 1 <= len(items) <= 5:
            raise self._wrong("menu_more", "one to five items", "一至五项")
        return items

    def _item(self, number: int, item: Any) -> MenuItem:
        place = f"menu_more[{number}]"
        item = item if isinstance(item, dict) else {}
        title = self._text(item, "title", f"{place}.title")
        ask, url = item.get("ask"), item.get("url")
        if isinstance(ask, str) == isinstance(url, str):
            raise self._wrong(place, "a title with ask or url", "title 加上 ask(要问的话)或 url(网址)")
        return MenuItem(title, ask, url)

    def _notice(self, notice: Any) -> Notice | None:
        notice = notice if isinstance(notice, dict) else {}
        if not notice.get("template"):
            return None
        data = notice.get("data")
        if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
            raise self._wrong("notice.data", "a text for each keyword", "每个关键词一行文字")
        return Notice(str(notice["template"]), notice.get("page"), data, bool(notice.get("long_term")))

    def _text(self, content: Mapping[str, Any], name: str, field: str) -> str:
        value = content.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(field, "a sentence", "一句话")
        return value.strip()

    def _wrong(self, field: str, expected: str, expected_zh: str) -> CatalogueError:
        return CatalogueError(
            f"{self._path}: {field} must be {expected}",
            f"公众号的文字文件 {self._path} 里 {field} 应为{expected_zh}。",
        )
