"""The enquiry log as people want it: counted by day, topic, item, outcome, channel, or line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from bot.desk.catalogue import Catalogue
from bot.desk.enquiries import BUREAU_TIME, Enquiry
from bot.reports.labels import Labels
from bot.reports.tables import Column, Table, Value
from bot.storage.enquiries import Shape

Key = tuple[Value, ...]
DIMENSIONS = ("day", "month", "topic", "item", "outcome", "channel")


class Enquiries:
    """Makes tables of enquiries. The catalogue gives items their names; a vanished item keeps its id."""

    def __init__(self, labels: Labels, catalogue: Catalogue | None) -> None:
        self._labels = labels
        self._catalogue = catalogue

    def counted(self, dimension: str, enquiries: Iterable[tuple[Enquiry | Shape, int]]) -> Table:
        """Give one line a value of the dimension, and the total; the lines sum to it.

        Each enquiry, or each shape that many have, comes with how many there are.
        """
        key_of = self._keys()[dimension]
        counts: dict[Key, int] = {}
        for enquiry, count in enquiries:
            key = key_of(enquiry)
            counts[key] = counts.get(key, 0) + count
        lines = [(*key, count) for key, count in sorted(counts.items(), key=lambda item: _order(item[0]))]
        width = len(self._columns(dimension))
        total = (self._labels.total, *[None] * (width - 2), sum(counts.values()))
        return Table(self._labels.titles[dimension], self._columns(dimension), iter([*lines, total]))

    def listed(self, enquiries: Iterable[Enquiry]) -> Table:
        """Give one line an enquiry, in the order they came."""
        names = ("id", "at", "channel", "enquirer", "topic", "code", "item", "others", "facets", "outcome")
        columns = tuple(self._column(n) for n in (*names, "confidence", "response_ms", "continues"))
        return Table(self._labels.titles["rows"], columns, map(self._line, enquiries))

    def notes(self) -> Table:
        """Give the sheet that explains how things are counted."""
        return Table(
            self._labels.titles["notes"], (self._column("note"),), iter([(n,) for n in self._labels.notes])
        )

    def _keys(self) -> dict[str, Callable[[Enquiry | Shape], Key]]:
        return {
            "day": lambda e: (e.day,),
            "month": lambda e: (e.day.strftime("%Y-%m"),),
            "topic": lambda e: (self._topic(e),),
            "item": lambda e: (e.code or "", self._name(e)),
            "outcome": lambda e: (self._labels.outcomes[e.outcome.value],),
            "channel": lambda e: (self._labels.channels.get(e.channel, e.channel),),
        }

    def _columns(self, dimension: str) -> tuple[Column, ...]:
        names = ("code", "item") if dimension == "item" else (dimension,)
        return tuple(self._column(n) for n in (*names, "count"))

    def _column(self, name: str) -> Column:
        return Column(name, self._labels.columns[name])

    def _line(self, enquiry: Enquiry) -> tuple[Value, ...]:
        facets = "、".join(self._labels.facets.get(f, f) for f in enquiry.facets)
        return (
            enquiry.id,
            datetime.fromtimestamp(enquiry.at, BUREAU_TIME).replace(tzinfo=None, microsecond=0),
            self._labels.channels.get(enquiry.channel, enquiry.channel),
            enquiry.enquirer,
            self._topic(enquiry),
            enquiry.code,
            self._name(enquiry),
            "、".join(enquiry.entries[1:]) or None,
            facets or None,
            self._labels.outcomes[enquiry.outcome.value],
            enquiry.confidence,
            enquiry.response_ms,
            enquiry.continues,
        )

    def _topic(self, enquiry: Enquiry | Shape) -> str:
        return self._labels.topics.get(enquiry.topic or "", self._labels.none)

    def _name(self, enquiry: Enquiry | Shape) -> str:
        entry = self._catalogue.get(enquiry.entry) if self._catalogue else None
        return entry.name if entry else enquiry.entry or self._labels.none


def _order(key: Key) -> tuple[str, ...]:
    return tuple(part.isoformat() if isinstance(part, date) else str(part) for part in key)
