"""Keeps index, reader and wording in step with the catalogue: one consistent snapshot at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.desk.answers import Words
from bot.desk.catalogue import Catalogue
from bot.desk.context import Context
from bot.desk.decide import decide
from bot.desk.lexicon import Lexicon
from bot.desk.messages import TurnResult
from bot.desk.reading import Reading
from bot.desk.wording import Wording
from bot.search.index import Index
from bot.search.phrases import Phrases
from bot.search.reader import Reader, Trained


@dataclass(frozen=True)
class Snapshot:
    """One version of everything that an answer is made from; holds only what may be told on ``day``."""

    day: date
    whole: Catalogue
    catalogue: Catalogue
    index: Index
    wording: Wording
    cases: Mapping[str, str]

    def decide(self, reading: Reading, context: Context, receipt: str) -> TurnResult:
        """Give the worded turn for what was understood."""
        decision = decide(reading, context, self.catalogue, cases=self.cases)
        return self.wording.result(decision, receipt, {"reading": reading.as_dict()})


class LiveSearch:
    """Holds the current snapshot. ``replace`` may be called from any thread; readers see one or the other."""

    def __init__(
        self,
        lexicon: Lexicon,
        words: Words,
        phrases: Mapping[str, Mapping[str, Any]],
        samples: bool,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.phrases = Phrases(lexicon)
        self._words = words
        self._fixed = phrases
        topics: Mapping[str, list[str]] = phrases.get("hand_off", {}).get("topics", {})
        self._cases = {entry: reason for reason, entries in topics.items() for entry in entries}
        self._samples = samples
        self._today = today
        self._snapshot: Snapshot | None = None
        self._reader: tuple[Snapshot, Trained | None, Reader] | None = None

    def replace(self, catalogue: Catalogue) -> None:
        """Take a new catalogue: index it, then put it in force."""
        day = self._today()
        served = catalogue.served(day, self._samples)
        before = self._snapshot
        index = Index.build(served, before.index if before else None)
        wording = Wording(self._words, self._fixed, served)
        snapshot = Snapshot(day, catalogue, served, index, wording, self._cases)
        if self._reader:  # made here, where nobody waits for it, and not in the first turn that needs it
            self._reader = self._read_by(snapshot, self._reader[1])
        self._snapshot = snapshot

    @property
    def snapshot(self) -> Snapshot:
        """Give the snapshot in force; entries come and go with the day. Needs one ``replace`` before."""
        current = self._snapshot
        if current is None:
            raise RuntimeError("no catalogue was loaded")
        if current.day != self._today():
            self.replace(current.whole)
        return self._snapshot or current

    def reader(self, trained: Trained | None = None) -> Reader:
        """Give the reader over the snapshot in force."""
        snapshot = self.snapshot
        kept = self._reader
        if kept is None or kept[0] is not snapshot or kept[1] is not trained:
            self._reader = kept = self._read_by(snapshot, trained)
        return kept[2]

    def _read_by(
        self, snapshot: Snapshot, trained: Trained | None
    ) -> tuple[Snapshot, Trained | None, Reader]:
        reader = Reader(snapshot.catalogue, snapshot.index, self.phrases, trained)
        reader.read("")  # what is made on first use is made now
        return snapshot, trained, reader

    def answer(self, text: str, context: Mapping[str, Any], receipt: str) -> TurnResult:
        """Answer without a trained model: what the gateway says while no brain is to be had."""
        before = Context.from_dict(dict(context))
        reading = self.reader().read(text, before.talked_about)
        return self.snapshot.decide(reading, before, receipt)
