"""What a request to the REST channel says, checked field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

CONVERSATION_LIMIT = 128
MESSAGE_ID_LIMIT = 256
_TYPES = {"conversation": "会话编号", "message_id": "消息编号", "text": "消息内容"}


@dataclass(frozen=True)
class Question:
    """A message as it came in."""

    conversation: str
    message_id: str
    text: str


class Refusal(Exception):
    """A request that cannot be read: an HTTP status, a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence


def read_question(raw: bytes) -> Question:
    """Give the question that a request body holds. Raises ``Refusal``."""
    body = _object(raw)
    conversation = identifier(body, "conversation", CONVERSATION_LIMIT)
    message_id = identifier(body, "message_id", MESSAGE_ID_LIMIT)
    return Question(conversation, message_id, _string(body, "text"))


def identifier(body: dict[str, Any], key: str, limit: int) -> str:
    """Give a field that names something: visible characters, no more than ``limit``."""
    value = _string(body, key)
    if not 0 < len(value) <= limit or not value.isprintable() or not value.strip():
        raise Refusal(400, "bad_field", f"{_TYPES[key]} {key} 应为 1 至 {limit} 个可见字符。")
    return value


def _string(body: dict[str, Any], key: str) -> str:
    if key not in body:
        raise Refusal(400, "missing_field", f"缺少{_TYPES[key]} {key}。")
    value = body[key]
    if not isinstance(value, str):
        raise Refusal(400, "wrong_type", f"{_TYPES[key]} {key} 应为字符串。")
    return value


def _object(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(400, "bad_encoding", "请求体应为 UTF-8 编码的 JSON。") from error
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "bad_json", "请求体不是正确的 JSON。") from error
    if not isinstance(body, dict):
        raise Refusal(400, "wrong_type", "请求体应为 JSON 对象。")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(name)
