"""The two ways of putting a question: to the whole desk over HTTP, and to its parts in this process."""

from __future__ import annotations

import json
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from bot.brain.model_files import PROJECT
from bot.desk.catalogue import Catalogue
from bot.desk.context import Context
from bot.desk.decide import Thresholds, decide
from bot.desk.errors import MessageError
from bot.desk.masking import mask
from bot.desk.messages import InboundMessage, TurnResult
from bot.desk.reading import Reading
from bot.gateway.intake import check
from bot.gateway.topics import Promise, Topics
from bot.nlu.model import Model
from bot.search.live import LiveSearch
from bot.search.reader import Trained
from bot.storage.catalogue_files import load_catalogue
from bot.storage.lexicon_files import load_lexicon
from bot.storage.responses_files import load_phrases, load_words
from tests.evaluation.judging import Titles, Told
from tests.support.desk_process import running_desk

DATA = PROJECT / "data"


class Conversation(Protocol):
    """Puts one text after the other within one conversation."""

    def say(self, text: str) -> tuple[Told, Mapping[str, Any]]:
        """Give what came back, and why where that is to be had."""


class Desk(Protocol):
    """Something that can be talked with."""

    titles: Titles

    def conversation(self) -> Conversation:
        """Begin a conversation."""


def catalogue_of(data: Path = DATA) -> Catalogue:
    """Give the catalogue under ``data``."""
    catalogue = load_catalogue(data).catalogue
    if catalogue is None:
        raise RuntimeError(f"the catalogue under {data} cannot be read")
    return catalogue


class HttpDesk:
    """The desk as its enquirers meet it: the REST channel of a gateway with a brain behind it."""

    def __init__(self, url: str, titles: Titles, cpu: Callable[[], float] | None = None) -> None:
        self.titles = titles
        self._url = f"{url}/api/v1/messages"
        self._cpu = cpu

    def conversation(self) -> Conversation:
        """Begin a conversation of its own."""
        return _HttpConversation(self)

    def ask(self, conversation: str, text: str) -> Told:
        """Put one message and wait for the answer."""
        body = {"conversation": conversation, "message_id": uuid.uuid4().hex, "text": text}
        raw = json.dumps(body).encode()
        request = urllib.request.Request(self._url, raw, {"Content-Type": "application/json"})
        used, began = self._used(), time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                told = _refused(json.load(error)["error"]["message"])
        seconds = time.perf_counter() - began
        return self.titles.told(told, seconds, self._used() - used if self._cpu else None)

    def _used(self) -> float:
        return self._cpu() if self._cpu else 0.0


class _HttpConversation:
    def __init__(self, desk: HttpDesk) -> None:
        self._desk = desk
        self._name = uuid.uuid4().hex

    def say(self, text: str) -> tuple[Told, Mapping[str, Any]]:
        return self._desk.ask(self._name, text), {}


@contextmanager
def http_desk(model: Path, data: Path = DATA) -> Iterator[HttpDesk]:
    """Run the whole desk with this model, on free ports, with a database of its own, and give it."""
    environment = {"BOT_MODELS": str(model.parent), "BOT_DATA": str(data)}
    with tempfile.TemporaryDirectory(prefix="desk-evaluation-") as folder:
        with running_desk(Path(folder), environment) as desk:
            yield HttpDesk(desk.url, Titles.of(catalogue_of(data)), desk.cpu)


class QuickDesk:
    """The parts that decide and word an answer, without processes, HTTP, database and Rasa around them.

    It does what intake, recogniser and action do with a message; a test holds that the verdicts are the
    same. ``by`` are thresholds other than the desk's own.
    """

    def __init__(
        self,
        search: LiveSearch,
        trained: Trained | None,
        by: Thresholds | None = None,
        read: dict[tuple[str, ...], Reading] | None = None,
    ) -> None:
        self._search = search
        self._trained = trained
        self._by = by
        self._read = {} if read is None else read
        self._topics = Topics(lambda: search.snapshot.whole, Promise("", ""))
        self.titles = Titles.of(search.snapshot.whole)
        self.codes = {entry.id: entry.code for entry in search.snapshot.whole}

    @classmethod
    def load(cls, model: Path, data: Path = DATA) -> QuickDesk:
        """Take the catalogue under ``data`` and a packed model that was trained from it."""
        return cls(live_search_of(data), load_model(model))

    def with_thresholds(self, by: Thresholds) -> QuickDesk:
        """Give the same desk, deciding otherwise."""
        return QuickDesk(self._search, self._trained, by, self._read)

    def conversation(self) -> Conversation:
        """Begin a conversation."""
        return _QuickConversation(self)

    def turn(self, text: str, context: Mapping[str, Any]) -> TurnResult:
        """Take one turn, as gateway, recogniser and action do. Raises ``MessageError``."""
        message = check(InboundMessage("rest", "message", "evaluation", "text", text, 0.0))
        masked = mask(message.text.strip(), self._topics.published)
        snapshot = self._search.snapshot
        before = Context.from_dict(dict(context))
        asked = (masked, *before.talked_about)
        reading = self._read.get(asked)
        if reading is None:
            reading = self._search.reader(self._trained).read(masked, before.talked_about)
            self._read[asked] = reading
        decision = decide(reading, before, snapshot.catalogue, self._by, snapshot.cases)
        return snapshot.wording.result(decision, "TESTTEST", {"reading": reading.as_dict()})


class _QuickConversation:
    def __init__(self, desk: QuickDesk) -> None:
        self._desk = desk
        self._context: dict[str, Any] = {}

    def say(self, text: str) -> tuple[Told, Mapping[str, Any]]:
        began, used = time.perf_counter(), time.thread_time()
        try:
            result = self._desk.turn(text, self._context)
        except MessageError as error:
            return self._desk.titles.told(_refused(error.for_reader)), {}
        seconds, cpu = time.perf_counter() - began, time.thread_time() - used
        self._context = result.context
        return self._desk.titles.told(_plain(result), seconds, cpu), result.explanation


def live_search_of(data: Path, today: Callable[[], date] = date.today) -> LiveSearch:
    """Give the live search over the catalogue under ``data``, its samples served."""
    search = LiveSearch(load_lexicon(data), load_words(data), load_phrases(data), True, today)
    search.replace(catalogue_of(data))
    return search


def load_model(packed: Path) -> Model:
    """Read our own part of a packed Rasa model."""
    with tempfile.TemporaryDirectory(prefix="desk-model-") as folder:
        with tarfile.open(packed) as archive:
            for member in archive.getmembers():
                if member.isfile() and "Recogniser" in member.name:
                    content = archive.extractfile(member)
                    if content:
                        (Path(folder) / Path(member.name).name).write_bytes(content.read())
        return Model.load(Path(folder))


def _plain(result: TurnResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "entries": list(result.entries),
        "facets": list(result.facets),
        "confidence": result.confidence,
        "replies": [{"text": reply.text} for reply in result.replies],
    }


def _refused(sentence: str) -> dict[str, Any]:
    """Give what a message comes to that is not let in: the sentence that the enquirer reads."""
    empty: dict[str, Any] = {"entries": [], "facets": [], "confidence": 0.0}
    return {"outcome": "unanswered", "replies": [{"text": sentence}], **empty}
