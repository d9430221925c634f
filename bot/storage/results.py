"""The result of a turn as it is kept with its message, so that a repeat gets the same answer."""

from __future__ import annotations

from typing import Any

from bot.desk.messages import Outcome, QuickReply, Reply, TurnResult


def write_buttons(replies: tuple[QuickReply, ...]) -> list[dict[str, str]]:
    """Give buttons as plain data."""
    return [{"title": button.title, "payload": button.payload} for button in replies]


def read_buttons(data: list[dict[str, str]]) -> tuple[QuickReply, ...]:
    """Give the buttons that ``write_buttons`` wrote."""
    return tuple(QuickReply(button["title"], button["payload"]) for button in data)


def write_result(result: TurnResult) -> dict[str, Any]:
    """Give what is kept of a result: what the enquirer's side may know, not the context nor the reasoning."""
    return {
        "outcome": result.outcome.value,
        "replies": [
            {"text": r.text, "quick_replies": write_buttons(r.quick_replies)} for r in result.replies
        ],
        "entries": list(result.entries),
        "facets": list(result.facets),
        "confidence": result.confidence,
        "hand_off": result.hand_off,
    }


def read_result(data: dict[str, Any]) -> TurnResult:
    """Give the result that ``write_result`` wrote."""
    return TurnResult(
        outcome=Outcome(data["outcome"]),
        replies=tuple(Reply(r["text"], read_buttons(r["quick_replies"])) for r in data["replies"]),
        entries=tuple(data["entries"]),
        facets=tuple(data["facets"]),
        confidence=data["confidence"],
        hand_off=data["hand_off"],
    )
