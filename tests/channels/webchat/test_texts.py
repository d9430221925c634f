"""The texts of the page: the file that stands in data, and what is said about a bad one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.webchat import read_texts
from bot.channels.webchat.texts import REFUSALS
from bot.desk.errors import CatalogueError
from bot.desk.typography import polish
from tests.channels.webchat.pages import TEXTS

SOURCES = Path("bot/channels/webchat")


@pytest.fixture
def content() -> dict[str, Any]:
    return yaml.safe_load(TEXTS.read_text(encoding="utf-8"))


def read(tmp_path: Path, content: Any) -> Any:
    path = tmp_path / "webchat.yml"
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    path.write_text(text, "utf-8")
    return read_texts(path)


def test_the_file_in_data_is_complete_and_well_set() -> None:
    texts = read_texts(TEXTS)
    everything = [*texts.welcome, *texts.examples, texts.privacy, *texts.refusals.values()]
    everything += [q for topic in texts.topics for q in topic.questions]
    assert all(polish(text) == text for text in everything)
    assert all(len(q) <= 30 for q in texts.examples)
    assert texts.refusal("too_fast", seconds=3).count("3") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", "  "),
        ("welcome", "不是一列"),
        ("welcome", []),
        ("examples", ["好", 5]),
        ("topics", "无"),
        ("topics", ["无"]),
        ("topics", [{"title": "", "questions": ["问"]}]),
        ("topics", [{"title": "有", "questions": []}]),
        ("person", "转人工"),
        ("person", {"title": "转人工"}),
        ("refusals", {}),
        ("privacy", 5),
    ],
)
def test_a_bad_field_is_named_with_the_file(tmp_path: Path, content: dict, field: str, value: object) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, {**content, field: value})
    for said in (str(caught.value), caught.value.for_reader):
        assert "webchat.yml" in said
        assert field in said
    assert re.search("应为[\u4e00-\u9fff]", caught.value.for_reader)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_needs_its_sentence(tmp_path: Path, content: dict, code: str) -> None:
    del content["refusals"][code]
    with pytest.raises(CatalogueError, match=rf"refusals\.{code}"):
        read(tmp_path, content)


def test_a_slip_in_the_braces_is_found_before_it_is_said(tmp_path: Path, content: dict) -> None:
    content["refusals"]["too_fast"] = "请{second}秒后再发。"
    with pytest.raises(CatalogueError, match=r"refusals\.too_fast"):
        read(tmp_path, content)


@pytest.mark.parametrize("broken", ["title: [", "- 一列", "\x00", ""])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, broken: str) -> None:
    with pytest.raises(CatalogueError, match=r"webchat\.yml"):
        read(tmp_path, broken)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.yml"):
        read_texts(tmp_path / "none.yml")


def test_every_refusal_in_the_code_has_a_sentence() -> None:
    code = (SOURCES / "talk.py").read_text() + (SOURCES / "channel.py").read_text()
    used = set(re.findall(r'(?:_error|refusal|_sentence)\("(\w+)"', code))
    used |= set(re.findall(r'_refuse\([^"]*"(\w+)"', code))
    used |= set(re.findall(r'FrameError\("(\w+)"', (SOURCES / "protocol.py").read_text()))
    assert used == REFUSALS
