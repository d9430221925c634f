"""Words one error of JSON Schema in Chinese: which field, what is wrong, how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from jsonschema import ValidationError

from bot.storage.problems import Issue, Where, shortened

_TYPES = {
    "object": "“名称: 内容”的一组", "array": "列表", "string": "文字", "boolean": "true 或 false",
    "null": "空", "number": "数字", "integer": "整数",
}  # fmt: skip
Names = dict[str, str]


@dataclass(frozen=True)
class _Fault:
    """What was found, the value of the rule it broke, and the schema in which the rule stands."""

    instance: Any
    rule: Any
    schema: dict[str, Any]


def issues_of(error: ValidationError, root: dict[str, Any]) -> Iterator[Issue]:
    """Give what one error says; ``root`` is the whole schema, with the Chinese names of the fields."""
    names: Names = root["x-names"]
    where: Where = tuple(error.absolute_path)
    fault = _Fault(error.instance, error.validator_value, cast("dict[str, Any]", error.schema))
    if error.validator == "required":
        yield from _missing(fault, where, root)
    elif error.validator == "additionalProperties":
        yield from _unknown(fault, where, names)
    else:
        word = _WORDS.get(str(error.validator), _other)
        message, fix = word(fault)
        named = _named(where, names)
        if "propertyNames" in error.absolute_schema_path:
            where, named = (*where, str(error.instance)), "标识"
        yield Issue(where, named + message, "请" + fix)


def _missing(fault: _Fault, where: Where, root: dict[str, Any]) -> Iterator[Issue]:
    names = root["x-names"]
    for key in fault.rule:
        if key not in fault.instance:
            here = fault.schema.get("properties", {}).get(key) or {}
            meant = here if where or "description" in here else root["properties"].get(key, {})
            definition = root["definitions"].get(str(meant.get("$ref")).rpartition("/")[2], {})
            fix = meant.get("description") or definition.get("description") or f"补上一行“{key}: ……”"
            yield Issue((*where, key), f"缺少「{names.get(key, key)}」({key})", "请" + fix)


def _unknown(fault: _Fault, where: Where, names: Names) -> Iterator[Issue]:
    allowed = fault.schema.get("properties", {})
    for key in fault.instance:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            fix = f"请改为 {near[0]}" if near else f"请删去,或改为其中之一:{_list(allowed)}"
            yield Issue((*where, key), f"不认识的字段「{shortened(key)}」", fix)


def _named(where: Where, names: Names) -> str:
    keys = [step for step in where if isinstance(step, str)]
    if not keys:
        return "整个文件"
    number = f"第 {where[-1] + 1} 项" if isinstance(where[-1], int) else ""
    return f"「{names.get(keys[-1], keys[-1])}」{number}"


def _type(fault: _Fault) -> tuple[str, str]:
    wanted = fault.rule
    kinds = [wanted] if isinstance(wanted, str) else [w for w in wanted if w != "null"]
    fix = fault.schema.get("description") or f"改成{_TYPES[kinds[0]]}"
    return f"应为{'或'.join(_TYPES[k] for k in kinds)},现在是{_kind(fault.instance)}", fix


def _kind(value: Any) -> str:
    if value is None:
        return "空的"
    if isinstance(value, dict):
        return "“名称: 内容”的一组"
    return "列表" if isinstance(value, list) else f"「{shortened(value)}」"


def _enum(fault: _Fault) -> tuple[str, str]:
    allowed = [str(v) for v in fault.rule if v is not None]
    near = difflib.get_close_matches(str(fault.instance), allowed, n=1)
    hint = f"(是不是 {near[0]}?)" if near else ""
    return f"的值「{shortened(fault.instance)}」不能用", f"改为其中之一:{_list(allowed)}{hint}"


def _pattern(fault: _Fault) -> tuple[str, str]:
    return f"「{shortened(fault.instance)}」写法不对", _described(fault)


def _long(fault: _Fault) -> tuple[str, str]:
    return f"太长,有 {len(fault.instance)} 个字符", f"缩短到 {fault.rule} 个字符以内"


def _few(fault: _Fault) -> tuple[str, str]:
    return "是空的列表", fault.schema.get("description") or f"至少写 {fault.rule} 项"


def _many(fault: _Fault) -> tuple[str, str]:
    return f"有 {len(fault.instance)} 项,太多", f"减到 {fault.rule} 项以内"


def _repeated(fault: _Fault) -> tuple[str, str]:
    values: list[Any] = fault.instance
    twice = next((v for i, v in enumerate(values) if v in values[:i]), "")
    return f"里「{shortened(twice)}」重复了", "只保留一个"


def _forbidden(fault: _Fault) -> tuple[str, str]:
    return "不能写在这里", _described(fault)


def _other(fault: _Fault) -> tuple[str, str]:
    return f"「{shortened(fault.instance)}」不合规定", _described(fault)


def _described(fault: _Fault) -> str:
    return str(fault.schema.get("description") or "按 docs/catalogue.md 改正")


def _list(words: Iterable[str]) -> str:
    return "、".join(words)


_WORDS: dict[str, Callable[[_Fault], tuple[str, str]]] = {
    "type": _type, "enum": _enum, "pattern": _pattern, "maxLength": _long, "minItems": _few,
    "maxItems": _many, "uniqueItems": _repeated, "not": _forbidden,
}  # fmt: skip
