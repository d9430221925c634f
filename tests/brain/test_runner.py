"""The straight runner gives what Rasa's own gives, and runs each node once."""

from __future__ import annotations

import asyncio
import warnings

import pytest


@pytest.fixture
def loaded(brain, project):
    """Give the small project's model with Rasa's own runner, and the straight one over the same nodes."""
    from rasa.core.processor import MessageProcessor

    from bot.brain.runner import StraightRunner

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Rasa warns while it loads
        _, metadata, runner = MessageProcessor._load_model(project.model)
    return metadata, runner, StraightRunner(runner)


def test_a_message_is_understood_alike(loaded):
    from rasa.core.channels.channel import UserMessage

    metadata, own, straight = loaded
    inputs = {"__message__": [UserMessage("要什么材料", message_id="m")], "__tracker__": None}
    told = [
        runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0].as_dict()
        for runner in (own, straight)
    ]
    assert told[0] == told[1]
    assert told[0]["intent"]["name"] == "ask"


def test_an_action_is_chosen_alike_at_every_step(loaded):
    from rasa.shared.core.events import ActionExecuted, UserUttered

    from bot.brain.trackers import ContextTrackerStore

    metadata, own, straight = loaded
    tracker = asyncio.run(ContextTrackerStore(metadata.domain).retrieve("c"))
    target = metadata.core_target
    chosen = []
    for event in (
        UserUttered("问", {"name": "ask"}),
        ActionExecuted("action_answer"),
        ActionExecuted("action_log_enquiry"),
    ):
        tracker.update(event)
        by = [runner.run({"__tracker__": tracker}, [target])[target] for runner in (own, straight)]
        assert by[0].probabilities == by[1].probabilities
        chosen.append(metadata.domain.action_names_or_texts[by[1].max_confidence_index])
    assert chosen == ["action_answer", "action_log_enquiry", "action_listen"]


def test_an_input_that_is_missing_is_an_error(loaded):
    metadata, _, straight = loaded
    with pytest.raises(KeyError):
        straight.run({}, [metadata.nlu_target])
