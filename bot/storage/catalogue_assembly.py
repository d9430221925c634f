"""Decides which version of each file makes up the catalogue, so that what is served holds together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from bot.desk.bureau import Source
from bot.desk.catalogue import Catalogue
from bot.storage.catalogue_parts import Part
from bot.storage.catalogue_readers import BureauFile
from bot.storage.catalogue_units import Unit
from bot.storage.entry_rules import Known, without_missing


@dataclass(frozen=True)
class Shared:
    """The two files that all entries refer to."""

    bureau: Part[BureauFile]
    sources: Part[dict[str, Source]]

    @property
    def complete(self) -> bool:
        """Say whether both files can be used."""
        return self.bureau.value is not None and self.sources.value is not None

    def known(self, entries: Iterable[str]) -> Known:
        """Give the ids that may be referred to, with those of the entries."""
        bureau, sources = self.bureau.value, self.sources.value
        assert bureau is not None
        assert sources is not None
        return Known(
            sources.keys(), bureau.bureau.sections.keys(), bureau.bureau.bodies.keys(), frozenset(entries)
        )


@dataclass(frozen=True)
class Served:
    """What a catalogue was made of: the last good version of every file in it."""

    shared: Shared | None = None
    units: dict[str, Unit] = field(default_factory=dict)

    def digests(self) -> dict[str, bytes]:
        """Give the digest of each file as it is served, by its path."""
        parts: list[Part[Any]] = [self.shared.bureau, self.shared.sources] if self.shared else []
        for unit in self.units.values():
            parts += (unit.yaml, unit.questions) if unit.questions else (unit.yaml,)
        return {part.file.path: part.digest for part in parts}


def choose_shared(newest: Shared, last: Shared | None, units: Mapping[str, Unit]) -> Shared | None:
    """Give the version of the shared files to serve; ``None`` when there is none that can be used.

    A bad file is replaced by its last good version. So is a file that can be read but on which more
    entries would fail than before: most likely something was removed by mistake.
    """
    if last is None or not last.complete:
        return newest if newest.complete else None
    usable = Shared(
        newest.bureau if newest.bureau.value else last.bureau,
        newest.sources if newest.sources.value else last.sources,
    )
    if usable == last:
        return last
    return last if len(_failing(usable, units)) > len(_failing(last, units)) else usable


def choose_units(shared: Shared, newest: Mapping[str, Unit], last: Mapping[str, Unit]) -> dict[str, Unit]:
    """Give the units that can be served: the newest version, else the last good one, else none.

    A code that two entries claim stays with the one that had it, else with the first by its path.
    """
    known = shared.known(())
    chosen = {}
    for entry_id, unit in newest.items():
        former = last.get(entry_id)
        if unit.references.needed(known):
            chosen[entry_id] = unit
        elif former is not None and former.references.needed(known):
            chosen[entry_id] = former
    return _one_code_each(chosen, last, known)


def make_catalogue(shared: Shared, units: Mapping[str, Unit]) -> Catalogue:
    """Give the catalogue of units that can be told; its version is that of their content."""
    assert shared.bureau.value is not None
    assert shared.sources.value is not None
    served = units.keys()
    entries = {
        entry_id: unit.entry if unit.references.entries <= served else without_missing(unit.entry, served)
        for entry_id, unit in units.items()
    }
    version = blake2b(shared.bureau.digest + shared.sources.digest, digest_size=8)
    for unit in units.values():
        version.update(unit.path.encode() + b"\0" + unit.digest)
    return Catalogue(shared.bureau.value.bureau, entries, shared.sources.value, version.hexdigest())


def _failing(shared: Shared, units: Mapping[str, Unit]) -> list[str]:
    known = shared.known(())
    return [entry_id for entry_id, unit in units.items() if not unit.references.needed(known)]


def _one_code_each(units: dict[str, Unit], last: Mapping[str, Unit], known: Known) -> dict[str, Unit]:
    holders: dict[str, str] = {}
    for entry_id, unit in units.items():
        code = unit.entry.code
        other = holders.setdefault(code, entry_id)
        if other != entry_id and _held(code, entry_id, last) and not _held(code, other, last):
            holders[code] = entry_id
    if len(holders) == len(units):
        return units
    kept = {}
    for entry_id, unit in units.items():
        former = last.get(entry_id, unit)
        if holders[unit.entry.code] == entry_id:
            kept[entry_id] = unit
        elif former.references.needed(known) and holders.setdefault(former.entry.code, entry_id) == entry_id:
            kept[entry_id] = former
    return kept


def _held(code: str, entry_id: str, last: Mapping[str, Unit]) -> bool:
    former = last.get(entry_id)
    return former is not None and former.entry.code == code
