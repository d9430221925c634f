"""Reads one YAML file of the catalogue the way its editors mean it, and says what is wrong with it.

Every scalar is text, except ``null``, ``true`` and ``false``: a date, a year, a telephone number or
``on`` is what was typed, and never a number, a truth value or a timestamp of YAML 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from bot.storage.problems import Issue, Where, shortened
from bot.storage.yaml_faults import decode_fault, syntax_fault

_PLAIN: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_DEEPEST = 12
_LARGEST = 1_000_000
_MANY = 2000
_MAYBE_MARKED = re.compile(rb"[&*!]")


@dataclass
class Reading:
    """What a file holds; ``value`` is ``None`` when the text could not be read at all."""

    value: Any = None
    issues: list[Issue] = field(default_factory=list)
    line: int | None = None


class _Loader(yaml.CBaseLoader):
    """libyaml without the resolvers of PyYAML: what a scalar means is decided here, and faster."""

    def resolve(self, *_: Any) -> str:
        return ""

    def descend_resolver(self, *_: Any) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


def read_yaml(raw: bytes) -> Reading:
    """Read the bytes of a file. Every fault is an issue; ``line`` is that of a fault of syntax."""
    reading = Reading()
    fault = decode_fault(raw, _LARGEST)
    if fault is None:
        try:
            fault = _marked_or_deep(raw) if _suspicious(raw) else None
            if fault is None:
                reading.value = _document(_Loader(raw).get_single_node(), reading.issues)
        except yaml.YAMLError as error:
            fault = syntax_fault(error, raw)
    if fault is not None:
        reading.line, issue = fault
        reading.issues.append(issue)
    return reading


def lines_of(raw: bytes, wanted: set[Where]) -> dict[Where, int]:
    """Give the line (from 1) of each place in a file; the nearest enclosing place where it is absent."""
    try:
        root = _Loader(raw).get_single_node()
    except yaml.YAMLError:
        return {}
    return {} if root is None else {where: _line(root, where) for where in wanted}


def _line(node: Any, where: Where) -> int:
    line = node.start_mark.line
    for step in where:
        key, node = _child(node, step)
        if node is None:
            break
        line = key.start_mark.line
    return int(line) + 1


def _child(node: Any, step: str | int) -> tuple[Any, Any]:
    if isinstance(node, MappingNode):
        return next(((k, v) for k, v in node.value if k.value == step), (None, None))
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None


def _suspicious(raw: bytes) -> bool:
    """Say whether a closer look is needed before nodes are made: libyaml makes them by recursion in C."""
    opened = sum(raw.count(sign) for sign in (b"[", b"{", b"- ", b"? "))
    return opened > _MANY or _MAYBE_MARKED.search(raw) is not None


def _marked_or_deep(raw: bytes) -> tuple[int, Issue] | None:
    """Find the first anchor, reference or type mark, for one place must not change with another."""
    depth = 0
    events: Iterator[Any] = yaml.parse(raw, Loader=_Loader)
    for event in events:
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            message = "用了 YAML 的锚点、引用或类型标记(&、* 或 !)"
            return event.start_mark.line + 1, Issue(
                (), message, "请删去标记,直接写出内容;内容以它们开头时加引号"
            )
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
    return None


def _document(root: Any, issues: list[Issue]) -> Any:
    if root is None:
        fix = "请按 docs/catalogue.md 的格式填写,或者删除这个文件"
        issues.append(Issue((), "文件是空的", fix))
        return None
    return _value(root, (), issues)


def _value(node: Any, where: Where, issues: list[Issue]) -> Any:
    if type(node) is ScalarNode:
        text = node.value
        return _PLAIN.get(text, text) if not node.style else text.strip()
    if len(where) >= _DEEPEST:
        raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=node.start_mark)
    if type(node) is MappingNode:
        return _mapping(node, where, issues)
    return [_value(item, (*where, number), issues) for number, item in enumerate(node.value)]


def _mapping(node: Any, where: Where, issues: list[Issue]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if type(key_node) is not ScalarNode:
            fix = "请检查方括号、花括号是否成对,名称写成普通文字"
            issues.append(Issue(where, "冒号前面不是一个名称", fix))
            continue
        if key in found:
            issues.append(Issue((*where, key), f"「{shortened(key)}」写了两次", "请只保留一处"))
        found[key] = _value(value_node, (*where, key), issues)
    return found
