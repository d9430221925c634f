"""What is said to a brain and what it may answer; ``docs/brain.md`` tells it with examples."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from bot.desk.errors import BrainError
from bot.desk.messages import Outcome, QuickReply, Reply, TurnResult
from bot.desk.splitting import LIMIT, PART, split
from bot.desk.turns import PendingTurn

ANSWER_LIMIT = 1 << 20  # bytes of a brain's answer
REMEMBERED_LIMIT = 1 << 16  # bytes of a context or an explanation
MOST_REPLIES = 20
MOST_NAMES = 100
NAME_LIMIT = 64
BUTTON_LIMIT = 1000  # characters of a button's title or payload
# Control characters that no platform shows and no database likes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def write_request(turn: PendingTurn, receipt: str) -> bytes:
    """Give the body of ``POST /turns``."""
    body = {
        "conversation": turn.conversation,
        "channel": turn.channel,
        "message_id": turn.message_id,
        "text": turn.text,
        "sent_at": turn.sent_at,
        "receipt": receipt,
        "context": turn.context,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def read_answer(raw: bytes, context: dict[str, Any]) -> TurnResult:
    """Give the result that the body of a 200 stands for.

    ``context`` is kept when the answer has none. Raises ``BrainError`` when anything is not as it must
    be: an answer half understood may be a wrong one.
    """
    try:
        body = json.loads(raw.decode("utf-8"))
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BrainError(f"the brain's answer is no JSON: {type(error).__name__}") from error
    if not isinstance(body, dict):
        raise BrainError("the brain's answer is no object")
    kept = _plain(body, "context")
    return TurnResult(
        outcome=_outcome(body.get("outcome")),
        replies=_replies(body.get("replies")),
        entries=_names(body, "entries"),
        facets=_names(body, "facets"),
        confidence=_share(body.get("confidence")),
        context=context if kept is None else kept,
        explanation=_plain(body, "explanation") or {},
        hand_off=_reason(body),
        asks_status=body.get("asks_status") is True,
    )


def _outcome(value: object) -> Outcome:
    try:
        return Outcome(value)
    except ValueError as error:
        raise BrainError("the brain's outcome is none of ours") from error


def _replies(value: object) -> tuple[Reply, ...]:
    if not isinstance(value, list) or not value or len(value) > MOST_REPLIES:
        raise BrainError(f"the brain must give 1 to {MOST_REPLIES} replies")
    return tuple(part for item in value for part in _reply(item))


def _reply(item: object) -> list[Reply]:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise BrainError("a reply of the brain has no text")
    text = _CONTROL.sub("", item["text"]).strip()
    if not text:
        raise BrainError("a reply of the brain is empty")
    parts = split(text, PART) if len(text.encode()) > LIMIT else [text]
    buttons = tuple(_button(button) for button in _list(item, "quick_replies"))
    return [*(Reply(part) for part in parts[:-1]), Reply(parts[-1], buttons)]


def _button(item: object) -> QuickReply:
    if not isinstance(item, dict):
        raise BrainError("a quick reply of the brain is no object")
    words = [item.get("title"), item.get("payload")]
    if not all(isinstance(word, str) and 0 < len(word.strip()) <= BUTTON_LIMIT for word in words):
        raise BrainError("a quick reply of the brain has no title or no payload")
    title, payload = (_CONTROL.sub("", str(word)) for word in words)
    return QuickReply(title, payload)


def _names(body: dict[str, Any], key: str) -> tuple[str, ...]:
    names = _list(body, key)
    good = all(isinstance(name, str) and 0 < len(name) <= NAME_LIMIT for name in names)
    if not good or len(names) > MOST_NAMES:
        raise BrainError(f"the brain's {key} are no list of names")
    return tuple(dict.fromkeys(names))


def _list(body: dict[str, Any], key: str) -> list[Any]:
    value = body.get(key)
    if value is not None and not isinstance(value, list):
        raise BrainError(f"the brain's {key} is no list")
    return value or []


def _share(value: object) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BrainError("the brain's confidence is no number")
    if not 0.0 <= value <= 1.0:
        raise BrainError("the brain's confidence is not between 0 and 1")
    return float(value)


def _plain(body: dict[str, Any], key: str) -> dict[str, Any] | None:
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BrainError(f"the brain's {key} is no object")
    if len(json.dumps(value, ensure_ascii=False).encode()) > REMEMBERED_LIMIT:
        raise BrainError(f"the brain's {key} is larger than {REMEMBERED_LIMIT} bytes")
    return value


def _reason(body: dict[str, Any]) -> str | None:
    value = body.get("hand_off")
    if value is None:
        # An outcome that promises staff is kept, whether or not the brain gave a reason.
        return "requested" if body.get("outcome") == Outcome.HANDED_OFF.value else None
    if not isinstance(value, str) or not 0 < len(value.strip()) <= NAME_LIMIT:
        raise BrainError("the brain's hand_off is no reason")
    return _CONTROL.sub("", value)
