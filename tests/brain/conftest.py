"""A small Rasa project with actions that misbehave on request, trained once for all tests of the brain."""

from __future__ import annotations

import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from bot.brain import quiet, without_tensorflow
from bot.brain.protocol import TurnRequest

ROOT = Path(__file__).parents[2]
FILES = {
    "config.yml": """
        assistant_id: small-desk
        recipe: default.v1
        language: zh
        pipeline:
        - name: small_desk_nlu.Recogniser
        policies:
        - name: RulePolicy
        """,
    "domain.yml": """
        version: "3.1"
        session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
        intents: [ask]
        slots:
          context: {type: any, influence_conversation: false, mappings: [{type: custom}]}
        actions: [action_answer, action_log_enquiry]
        """,
    "endpoints.yml": """
        action_endpoint: {url: "http://127.0.0.1:5055/webhook", enable_selective_domain: true}
        tracker_store: {type: bot.brain.trackers.ContextTrackerStore}
        lock_store: {type: bot.brain.locks.ConversationLocks}
        """,
    "credentials.yml": """
        bot.brain.input_channel.DeskInput:
        """,
    "data/nlu/ask.yml": """
        version: "3.1"
        nlu:
        - intent: ask
          examples: |
            - 要什么材料
        """,
    "data/rules/ask.yml": """
        version: "3.1"
        rules:
        - rule: ask
          steps:
          - intent: ask
          - action: action_answer
          - action: action_log_enquiry
        """,
    "small_desk_nlu.py": """
        from typing import List

        from rasa.engine.graph import GraphComponent
        from rasa.engine.recipes.default_recipe import DefaultV1Recipe
        from rasa.engine.storage.resource import Resource
        from rasa.nlu.classifiers.classifier import IntentClassifier
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.nlu.training_data.training_data import TrainingData


        @DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
        class Recogniser(GraphComponent, IntentClassifier):
            def __init__(self, resource):
                self.resource = resource

            @classmethod
            def create(cls, config, model_storage, resource, execution_context):
                return cls(resource)

            @classmethod
            def load(cls, config, model_storage, resource, execution_context, **_):
                return cls(resource)

            def train(self, training_data: TrainingData) -> Resource:
                return self.resource

            def process(self, messages: List[Message]) -> List[Message]:
                for message in messages:
                    message.set("intent", {"name": "ask", "confidence": 0.9}, add_to_output=True)
                    message.set("entities", [], add_to_output=True)
                    message.set("heard", message.get("text"), add_to_output=True)
                return messages

            def process_training_data(self, training_data: TrainingData) -> TrainingData:
                return training_data
        """,
    "small_desk_actions/__init__.py": "",
    "small_desk_actions/answer.py": """
        import asyncio

        from rasa_sdk import Action
        from rasa_sdk.events import SlotSet


        class Answer(Action):
            def name(self):
                return "action_answer"

            async def run(self, dispatcher, tracker, domain):
                heard = tracker.latest_message
                text = heard["heard"]
                if text == "慢":
                    await asyncio.sleep(0.1)
                if text == "坏":
                    raise KeyError("阜阳的一个秘密")
                if text != "哑":
                    events = len(tracker.events)
                    said = f"{heard['intent']['name']}|{text}|{events}\\n\\n第二段"
                    dispatcher.utter_message(text=said, buttons=[{"title": "多久", "payload": "要多久"}])
                return []


        class LogEnquiry(Action):
            def name(self):
                return "action_log_enquiry"

            async def run(self, dispatcher, tracker, domain):
                text = tracker.latest_message["heard"]
                if text == "漏":
                    return []
                turn = {"outcome": "answered", "entries": ["s01"], "facets": ["materials"], "confidence": 0.5}
                turn["outcome"] = "splendid" if text == "错" else "answered"
                turn["explanation"] = {"why": "测"}
                dispatcher.utter_message(json_message={"turn": turn})
                before = tracker.get_slot("context") or {}
                return [SlotSet("context", {"turns": before.get("turns", 0) + 1, "said": text})]
        """,
}
TRAIN = """
import sys
from pathlib import Path
from bot.brain.training import train
train(Path("."), Path("data"), Path(sys.argv[1]))
"""


@dataclass(frozen=True)
class Project:
    """A Rasa project in a folder of its own, and its model."""

    folder: Path
    model: Path
    actions: str


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Write the small project and train it as the product trains its own, in another process."""
    folder = tmp_path_factory.mktemp("small_desk")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), "utf-8")
    model = folder / "models" / "small.tar.gz"
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{folder}", "HOME": str(folder)}
    subprocess.run([sys.executable, "-c", TRAIN, str(model)], cwd=folder, env=env, check=True, timeout=100)
    return Project(folder, model, "small_desk_actions")


@pytest.fixture(scope="session")
def brain(project: Project):
    """Load the model into this process."""
    quiet.silence()
    without_tensorflow.put_placeholder()
    quiet.silence_structlog()
    sys.path.insert(0, str(project.folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Rasa warns while it loads; a brain process drops it as well
            from bot.brain.agent import Brain

            loaded = Brain.load(project.model, project.actions)
        yield loaded
    finally:
        sys.path.remove(str(project.folder))


@pytest.fixture
def ask(brain):
    """Give a function that takes one turn with the loaded brain."""

    async def turn(text: str, conversation: str = "one", **fields):
        return await brain.turn(TurnRequest(conversation, "test", "m1", text, 0.0, **fields))

    return turn
