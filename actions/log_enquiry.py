"""Logs the enquiry: once per message, with topic, item, facets, outcome and confidence."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionLogEnquiry(Action):
    """Hand the turn's record to the gateway, which commits it with the replies in one transaction."""

    def name(self) -> str:
        """Give the name under which the domain lists the action."""
        return "action_log_enquiry"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        """Send the record; the gateway keys it by the message id, so a second run changes nothing."""
        dispatcher.utter_message(json_message={"turn": tracker.get_slot("turn")})
        return []
