"""The Rasa component that recognises a message: what is wanted, which aspects, which entry."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk.entries import Kind
from bot.desk.reading import Reading
from bot.live import live_search
from bot.nlu.fitting import fit_exclusive, fit_several
from bot.nlu.importer import ENTRY, FACETS
from bot.nlu.model import Model
from bot.search.index import told
from bot.search.linear import Linear

READING = "reading"
ABOUT = "about"
LIKELY = 0.3
"""An entry less likely than this is not told to Rasa as an entity; the reading has it all the same."""
logger = logging.getLogger(__name__)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class Recogniser(GraphComponent, IntentClassifier):
    """Intent by a linear classifier, entries by the live index, aspects by both words and classifier."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: Model | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model
        self._search = live_search()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing is configurable: figures come from training, words from ``data/nlu``."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """Give the modules that the component needs."""
        return ["sklearn", "pypinyin", "numpy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Recogniser:
        """Make an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Recogniser:
        """Load a trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Model.load(Path(folder)))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifiers and store them."""
        clean = self._search.phrases.clean
        examples = [(clean(e.get(TEXT)), e) for e in training_data.intent_examples if e.get(TEXT)]
        wants = fit_exclusive([t for t, _ in examples], [e.get(INTENT) for _, e in examples], balanced=True)
        entered = [(t, e) for t, e in examples if e.get(ENTRY)]
        facts = [(clean(text), entry.id) for entry in self._search.snapshot.whole for text in told(entry)]
        entries = fit_exclusive(
            [t for t, _ in entered] + [t for t, _ in facts],
            [e.get(ENTRY) for _, e in entered] + [entry for _, entry in facts],
        )
        faceted = [(t, e.get(FACETS)) for t, e in entered if e.get(FACETS) is not None]
        services = (e for e in self._search.snapshot.whole if e.kind is Kind.SERVICE)
        following = [q for entry in services for q in entry.follow_ups]
        following += self._search.phrases.lexicon.next.get(Kind.SERVICE, ())
        faceted += [(clean(q.text), [f.value for f in q.facets]) for q in following]
        facets = fit_several([t for t, _ in faceted], [f for _, f in faceted])
        self._model = Model(wants, facets, entries, self._bodies(examples))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        logger.info("recogniser: %d examples, %d of entries", len(examples), len(entered))
        return self._resource

    def _bodies(self, examples: list[tuple[str, Message]]) -> Linear:
        """Fit which other authority is meant: by the examples that say it, and by each one's own words."""
        said = [(t, _body_of(e)) for t, e in examples]
        labelled = [(t, body) for t, body in said if body]
        for body in self._search.snapshot.whole.bureau.bodies.values():
            clean = self._search.phrases.clean
            labelled += [(clean(text), body.id) for text in (body.name, *body.words, *body.takes)]
        return fit_exclusive([t for t, _ in labelled], [b for _, b in labelled], balanced=True)

    def process(self, messages: list[Message]) -> list[Message]:
        """Recognise each message."""
        reader = self._search.reader(self._model)
        for message in messages:
            _put(message, reader.read(message.get(TEXT) or "", _talked_about(message)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Recognise the training examples, as later components may want."""
        self.process(training_data.training_examples)
        return training_data


def _body_of(example: Message) -> str | None:
    said = (example.get("metadata") or {}).get("intent") or {}
    return str(said["body"]) if isinstance(said, dict) and said.get("body") else None


def _talked_about(message: Message) -> tuple[str, ...]:
    """Give the entries that the conversation was about, which the brain sends with the message."""
    about = (message.get("metadata") or {}).get(ABOUT) or ()
    return tuple(map(str, about))


def _put(message: Message, reading: Reading) -> None:
    first = reading.segments[0]
    intent = {"name": first.want.value, "confidence": first.sure}
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
    size = len(message.get(TEXT) or "")
    entities = [
        {"entity": "entry", "value": s.best.entry, "start": 0, "end": size, "confidence_entity": s.best.score}
        for s in reading.segments
        if s.best and s.best.score >= LIKELY
    ]
    message.set(ENTITIES, entities, add_to_output=True)
    message.set(READING, reading.as_dict(), add_to_output=True)
