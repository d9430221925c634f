"""Makes the typed result of a turn from what the actions uttered; nothing uttered is no result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.brain.protocol import TurnError
from bot.desk.messages import Outcome, QuickReply, Reply, TurnResult


def turn_result(messages: Sequence[Mapping[str, Any]], context: object) -> TurnResult:
    """Give the result of a turn from its uttered ``messages`` and the ``context`` left behind.

    A message with ``text`` is a reply; the one whose ``custom`` holds ``turn`` is the turn's record.
    Raises ``TurnError`` 500 (``no_reply``, ``no_record``, ``bad_record``): a success is never empty.
    """
    replies = tuple(_reply(message) for message in messages if message.get("text"))
    records = [message["custom"]["turn"] for message in messages if "turn" in (message.get("custom") or {})]
    if not replies:
        raise TurnError(500, "no_reply", "the actions uttered no reply")
    if len(records) != 1:
        raise TurnError(500, "no_record", f"the actions left {len(records)} records of the turn, not one")
    try:
        return _result(records[0], replies, context)
    except (KeyError, TypeError, ValueError) as error:
        raise TurnError(500, "bad_record", f"the record of the turn is malformed: {error!r}") from error


def _reply(message: Mapping[str, Any]) -> Reply:
    buttons = message.get("buttons") or ()
    return Reply(str(message["text"]), tuple(QuickReply(b["title"], b["payload"]) for b in buttons))


def _result(record: Mapping[str, Any], replies: tuple[Reply, ...], context: object) -> TurnResult:
    return TurnResult(
        outcome=Outcome(record["outcome"]),
        replies=replies,
        entries=tuple(str(code) for code in record["entries"]),
        facets=tuple(str(facet) for facet in record["facets"]),
        confidence=float(record["confidence"]),
        context=dict(context) if isinstance(context, Mapping) else {},
        explanation=dict(record.get("explanation") or {}),
        hand_off=record.get("hand_off"),
        asks_status=record.get("asks_status") is True,
    )
