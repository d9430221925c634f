"""Understands a message as text only: Rasa's short-cut for ``/intent{...}`` and ``/restart`` is left out."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker


class Parser:
    """Runs a model's pipeline up to the node before Rasa's ``RegexMessageHandler``.

    That handler is the last node of every pipeline; it turns a text such as ``/restart`` into the intent
    it names, whoever wrote it. A message that comes with its ``parse_data`` is not parsed again, so what
    is given here is what the policies and the actions see.
    """

    def __init__(self, processor: MessageProcessor) -> None:
        self._runner = processor.graph_runner
        metadata = processor.model_metadata
        handler = metadata.predict_schema.nodes[metadata.nlu_target]
        self._target = handler.needs["messages"]

    def parse(self, message: UserMessage) -> dict[str, Any]:
        """Give what the pipeline made of the message: ``text``, ``intent``, ``entities`` and its own keys."""
        tracker = DialogueStateTracker.from_events(message.sender_id, [])
        inputs = {PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}
        parsed = self._runner.run(inputs=inputs, targets=[self._target])[self._target][0]
        nothing = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
        return {**nothing, **parsed.as_dict(only_output_properties=True)}
