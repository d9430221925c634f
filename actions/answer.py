"""Answers a message from the catalogue."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import result_of, turn_record
from bot.desk.messages import Reply


class ActionAnswer(Action):
    """Decide from reading and context, and say it in the words of ``data/responses``."""

    def name(self) -> str:
        """Give the name under which the domain lists the action."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        """Send one message a reply; remember the context and the turn's record."""
        result = result_of(tracker)
        for reply in result.replies:
            dispatcher.utter_message(text=reply.text, buttons=_buttons(reply))
        return [SlotSet("context", result.context), SlotSet("turn", turn_record(result))]


def _buttons(reply: Reply) -> list[dict[str, str]]:
    return [{"title": b.title, "payload": b.payload} for b in reply.quick_replies]
