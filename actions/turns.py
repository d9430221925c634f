"""From Rasa's tracker to the worded turn, and to the record that is logged."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from bot.desk.context import Context
from bot.desk.messages import TurnResult
from bot.desk.reading import Reading
from bot.desk.receipts import receipt_number
from bot.live import live_search


def result_of(tracker: Tracker) -> TurnResult:
    """Give the turn for the tracker's latest message."""
    message = tracker.latest_message
    context = Context.from_dict(tracker.get_slot("context"))
    metadata = message.get("metadata") or {}
    receipt = metadata.get("receipt") or receipt_number(
        tracker.sender_id, str(message.get("message_id") or "")
    )
    reading = message.get("reading")
    search = live_search()
    understood = (
        Reading.from_dict(reading)
        if reading
        else search.reader().read(message.get("text") or "", context.talked_about)
    )
    return search.snapshot.decide(understood, context, receipt)


def turn_record(result: TurnResult) -> dict[str, Any]:
    """Give what is logged of a turn, as plain data; no word of what the enquirer wrote is told twice."""
    return {
        "outcome": result.outcome.value,
        "entries": list(result.entries),
        "facets": list(result.facets),
        "confidence": result.confidence,
        "explanation": result.explanation,
        "hand_off": result.hand_off,
        "asks_status": result.asks_status,
    }
