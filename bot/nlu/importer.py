"""Brings the catalogue's questions into Rasa's training data, each with its entry and its aspects."""

from __future__ import annotations

from typing import Any

from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Kind, Question
from bot.live import live_search
from bot.search.reader import WANT_OF

ENTRY = "entry_id"
FACETS = "facet_ids"


class CatalogueImporter(RasaFileImporter, TrainingDataImporter):
    """Rasa's own files, and an example for every question that the catalogue lists."""

    _read: TrainingData | None = None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Give the written examples and the catalogue's; read once, though Rasa asks several times."""
        if self._read is None:
            written = super().get_nlu_data(language)
            self._read = written.merge(TrainingData(examples(live_search().snapshot.whole)))
        return self._read


def examples(catalogue: Catalogue) -> list[Message]:
    """Give one example for each name, alias and question of each entry."""
    return [_message(entry, text, facets) for entry in catalogue for text, facets in _texts(entry)]


def _texts(entry: Entry) -> list[tuple[str, list[str] | None]]:
    """Give the wordings; the aspects are known only where the question says them."""
    service = entry.kind is Kind.SERVICE
    named: list[tuple[str, list[str] | None]] = [
        (t, [] if service else None) for t in (entry.name, *entry.aliases)
    ]
    asked = [(q.text, _known_facets(q) if service else None) for q in entry.openings]
    return list({text: (text, facets) for text, facets in named + asked}.values())


def _known_facets(question: Question) -> list[str] | None:
    """Give the aspects written beside the question; a question that only seems to name one is not used."""
    phrases = live_search().phrases
    if not question.facets and phrases.facets(phrases.clean(question.text)):
        return None
    return [f.value for f in question.facets]


def _message(entry: Entry, text: str, facets: list[str] | None) -> Message:
    data: dict[str, Any] = {TEXT: text, INTENT: WANT_OF[entry.kind].value, ENTRY: entry.id}
    if facets is not None:
        data[FACETS] = facets
    return Message(data=data)
