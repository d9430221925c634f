"""The form of ``POST /turns``: what the gateway sends, what the brain answers, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.desk.errors import BrainError
from bot.desk.messages import Reply, TurnResult

TEXT_LIMIT = 8000  # characters; the gateway refuses longer messages at intake
NAME_LIMIT = 256  # characters of a conversation, a channel, a message id


@dataclass(frozen=True)
class TurnRequest:
    """One masked message of one conversation. ``sent_at`` is in seconds since the epoch, UTC.

    ``receipt`` is the number that the enquirer was given; without one the actions work it out.
    """

    conversation: str
    channel: str
    message_id: str
    text: str
    sent_at: float
    context: dict[str, Any] = field(default_factory=dict)
    receipt: str | None = None


class TurnError(BrainError):
    """A turn that came to nothing: ``status`` is the HTTP status, ``code`` the reason for machines."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def read_request(body: object) -> TurnRequest:
    """Give the request that the decoded JSON ``body`` stands for.

    Raises ``TurnError`` 400 naming the field.
    """
    if not isinstance(body, dict):
        raise TurnError(400, "bad_request", "the body must be a JSON object")
    context = body.get("context")
    if context is not None and not isinstance(context, dict):
        raise TurnError(400, "bad_request", "context must be an object or null")
    return TurnRequest(
        conversation=_name(body, "conversation"),
        channel=_name(body, "channel"),
        message_id=_name(body, "message_id"),
        text=_string(body, "text", TEXT_LIMIT).strip(),
        sent_at=_seconds(body),
        context=context or {},
        receipt=_name(body, "receipt") if body.get("receipt") is not None else None,
    )


def _name(body: dict[str, Any], key: str) -> str:
    return _string(body, key, NAME_LIMIT)


def _string(body: dict[str, Any], key: str, limit: int) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip():
        raise TurnError(400, "bad_request", f"{key} must be a string that is not empty")
    if len(value) > limit:
        raise TurnError(400, "too_long", f"{key} is longer than {limit} characters")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise TurnError(400, "bad_request", f"{key} holds half a character")
    return value


def _seconds(body: dict[str, Any]) -> float:
    value = body.get("sent_at")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise TurnError(400, "bad_request", "sent_at must be a number of seconds")
    return float(value)


def write_result(result: TurnResult) -> dict[str, Any]:
    """Give the JSON object of a successful turn."""
    return {
        "outcome": result.outcome.value,
        "replies": [_reply(reply) for reply in result.replies],
        "entries": list(result.entries),
        "facets": list(result.facets),
        "confidence": result.confidence,
        "context": result.context,
        "explanation": result.explanation,
        "hand_off": result.hand_off,
        "asks_status": result.asks_status,
    }


def _reply(reply: Reply) -> dict[str, Any]:
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.quick_replies]
    return {"text": reply.text, "quick_replies": buttons}


def write_error(error: TurnError) -> dict[str, Any]:
    """Give the JSON object of a turn that failed."""
    return {"error": {"code": error.code, "message": str(error)}}
