"""What an index keeps of each entry between two builds, and how it is made of many entries at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.desk.entries import Entry
from bot.search.codes import MOST_TEXTS, Codes, Owners, coded_all, in_order
from bot.search.names import Name, name_of
from bot.search.normalise import normalise
from bot.search.vocabulary import Ints, Vocabulary

_CHARACTERS = 12_000
"""About so many characters are read at once: what is made of them fits a processor's cache."""

_TEXTS = 400


@dataclass(frozen=True)
class Indexed:
    """One entry: its wordings, the pieces of each (so many as ``sizes`` says), all its pieces, its names.

    ``whole`` has single characters in the order in which they are read.
    """

    wordings: tuple[str, ...]
    sizes: Ints
    rows: Ints
    whole: Ints
    names: tuple[Name, ...]


class Entries:
    """The entries as they were last read: only those that changed are read again."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._kept: dict[str, tuple[Entry, Indexed]] = {}

    def read(self, entries: Sequence[Entry]) -> list[Indexed]:
        """Give what is kept of each entry."""
        kept = self._kept
        new = [e for e in entries if (held := kept.get(e.id)) is None or held[0] is not e]
        found = {e.id: kept[e.id] for e in entries if e.id in kept}
        for some in _batches(_Read.of(e) for e in new):
            indexed = _indexed(some, self._vocabulary)
            found.update({r.entry.id: (r.entry, i) for r, i in zip(some, indexed, strict=True)})
        self._kept = found
        return [found[e.id][1] for e in entries]


def told(entry: Entry) -> Iterator[str]:
    """Give every sentence that the entry tells, and the names of its legal bases."""
    if entry.summary:
        yield entry.summary
    for facts in (*entry.facets.values(), entry.facts, entry.cautions):
        yield from (f.text for f in facts)
    yield from (b.document for b in entry.basis)


@dataclass(frozen=True)
class _Read:
    """The normalised texts of an entry."""

    entry: Entry
    wordings: tuple[str, ...]
    told: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> _Read:
        return cls(entry, tuple(_wordings(entry)), tuple(map(normalise, told(entry))))

    def length(self) -> int:
        return sum(map(len, self.wordings)) + sum(map(len, self.told))


def _wordings(entry: Entry) -> Iterator[str]:
    yield normalise(entry.name)
    yield from (normalise(a) for a in entry.aliases)
    yield from (normalise(q.text) for q in entry.openings)
    if not entry.openings and entry.summary:
        yield normalise(entry.summary)


def _batches(entries: Iterator[_Read]) -> Iterator[list[_Read]]:
    batch: list[_Read] = []
    length = texts = 0
    for entry in entries:
        count = len(entry.wordings) + len(entry.told)
        if batch and (length > _CHARACTERS or texts + count > MOST_TEXTS):
            yield batch
            batch, length, texts = [], 0, 0
        batch.append(entry)
        length, texts = length + entry.length(), texts + count
    if batch:
        yield batch


def _indexed(batch: Sequence[_Read], vocabulary: Vocabulary) -> Iterator[Indexed]:
    """Give what is kept of each entry of a batch."""
    texts = [text for read in batch for text in (*read.wordings, *read.told)]
    asked = np.fromiter((len(read.wordings) for read in batch), np.int64, len(batch))
    counts = asked + np.fromiter((len(read.told) for read in batch), np.int64, len(batch))
    firsts = np.cumsum(counts) - counts
    wording = np.arange(len(texts)) - np.repeat(firsts, counts) < np.repeat(asked, counts)
    codes, text_of = coded_all(texts, wording)
    entry_of = np.repeat(np.arange(len(batch)), counts).astype(np.uint16)[text_of]
    order = in_order(codes)
    numbers = _numbered(codes, order, vocabulary)
    rows, sizes = _grouped(numbers, text_of, _first(codes, text_of, order) & wording[text_of], len(texts))
    wholes, whole_sizes = _grouped(numbers, entry_of, _first(codes, entry_of, order), len(batch))
    of_entry = np.split(rows, np.cumsum(np.add.reduceat(sizes, firsts))[:-1])
    whole_of = np.split(wholes, np.cumsum(whole_sizes)[:-1])
    for n, read in enumerate(batch):
        mine = sizes[firsts[n] : firsts[n] + asked[n]]
        names = dict.fromkeys(read.wordings[: 1 + len(read.entry.aliases)])
        yield Indexed(read.wordings, mine, of_entry[n], whole_of[n], tuple(map(name_of, names)))


def rows_of(texts: Sequence[str], vocabulary: Vocabulary) -> Iterator[Ints]:
    """Give the numbers of the distinct pieces of each normalised text, making new ones as needed."""
    for begin in range(0, len(texts), _TEXTS):
        some = texts[begin : begin + _TEXTS]
        codes, text_of = coded_all(some, np.zeros(len(some), bool))
        order = in_order(codes)
        kept = _first(codes, text_of, order)
        rows, sizes = _grouped(_numbered(codes, order, vocabulary), text_of, kept, len(some))
        yield from np.split(rows, np.cumsum(sizes)[:-1])


def _numbered(codes: Codes, order: NDArray[np.int64], vocabulary: Vocabulary) -> Ints:
    """Give the number of each code."""
    ordered = codes[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else order
    found = vocabulary.add(ordered[begins])
    numbers = np.empty(len(codes), np.int32)
    numbers[order] = np.repeat(found, np.diff(np.r_[begins, len(order)]))
    return numbers


def _first(codes: Codes, owners: Owners, order: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark each code where its owner has it for the first time; of one code the owners must ascend."""
    ordered, whose = codes[order], owners[order]
    first = np.ones(len(codes), bool)
    first[order[1:]] = (ordered[1:] != ordered[:-1]) | (whose[1:] != whose[:-1])
    return first


def _grouped(numbers: Ints, owners: Owners, kept: NDArray[np.bool_], size: int) -> tuple[Ints, Ints]:
    """Give the kept numbers owner by owner, each in its order, and how many each owner has."""
    numbers, owners = numbers[kept], owners[kept]
    order = np.argsort(owners, kind="stable")
    return numbers[order], np.bincount(owners, minlength=size).astype(np.int32)
