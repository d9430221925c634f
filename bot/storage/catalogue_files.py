"""Loads the catalogue from its files, and says all that is wrong with them at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Kind
from bot.storage.catalogue_assembly import Served, Shared, choose_shared, choose_units, make_catalogue
from bot.storage.catalogue_between import problems_between
from bot.storage.catalogue_listing import FoundFile, Listing, list_files
from bot.storage.catalogue_parts import Part, PartStore
from bot.storage.catalogue_readers import read_bureau, read_entry, read_questions_file, read_sources
from bot.storage.catalogue_units import Unit, UnitStore, by_id
from bot.storage.collecting import without_collection
from bot.storage.problems import Problem, serious

_ABSENT: Part[Any] = Part(FoundFile("", "", (0, 0, 0)), b"", None)


@dataclass(frozen=True)
class LoadReport:
    """What came of loading: the catalogue, all problems, and how many files of entries there are.

    ``held`` are the files served in an earlier version, ``left_out`` those not served at all.
    """

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]
    counts: Mapping[Kind, int]
    held: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are more than warnings."""
        return tuple(p for p in self.problems if not p.warning)


def load_catalogue(data: Path, keep_good: bool = False) -> LoadReport:
    """Load the catalogue under ``data`` once; see ``CatalogueLoader.load``."""
    return CatalogueLoader(data).load(keep_good)


@dataclass(frozen=True)
class _Newest:
    """The files as they stand now, as far as they can be used; ``parts`` also has those that cannot."""

    shared: Shared
    units: dict[str, Unit]
    parts: dict[str, Part[Any]]
    problems: list[Problem]


class CatalogueLoader:
    """Loads a catalogue again and again, parsing only the files that changed. For one thread at a time."""

    def __init__(self, data: Path, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._data = data
        self._parts = PartStore(now_ns)
        self._units = UnitStore()
        self._served = Served()
        self._catalogue: Catalogue | None = None
        self._last: tuple[_Newest, bool, LoadReport] | None = None

    def load(self, keep_good: bool = False) -> LoadReport:
        """Give the catalogue as the files stand now, and what is wrong with them. Raises nothing.

        Without ``keep_good`` any error means no catalogue. With it a bad file is replaced by its last
        good version, or left out when it has none, as long as the bureau itself can be read.
        """
        with without_collection():
            return self._load(keep_good)

    def _load(self, keep_good: bool) -> LoadReport:
        listing = list_files(self._data)
        newest = self._read(listing)
        if self._last is not None and _same(newest, self._last[0]) and keep_good == self._last[1]:
            return self._last[2]
        report = self._judged(newest, listing, keep_good)
        self._last = newest, keep_good, report
        return report

    def _judged(self, newest: _Newest, listing: Listing, keep_good: bool) -> LoadReport:
        ids = {file.id for file in listing.entries}
        between = problems_between(newest.shared, newest.units, ids, self._parts)
        problems = tuple(sorted([*newest.problems, *between], key=_order))
        counts = Counter(file.kind for file in listing.entries if file.kind)
        if serious(problems) and not keep_good:
            return LoadReport(None, problems, counts)
        self._serve(newest)
        held, left_out = self._set_aside(newest)
        return LoadReport(self._catalogue, problems, counts, held, left_out)

    def _read(self, listing: Listing) -> _Newest:
        files = listing.files()
        self._parts.forget_others(files)
        self._units.forget_others({file.path for file in listing.entries})
        bureau = self._parts.read(listing.bureau, read_bureau) if listing.bureau else _ABSENT
        sources = self._parts.read(listing.sources, read_sources) if listing.sources else _ABSENT
        parts: dict[str, Part[Any]] = {part.file.path: part for part in (bureau, sources)}
        units = [u for file in listing.entries if (u := self._unit(file, listing, parts))]
        chosen, clashes = by_id(units, self._served.units)
        problems = [*listing.problems, *clashes, *_empty(listing)]
        problems += [problem for part in parts.values() for problem in part.problems]
        return _Newest(Shared(bureau, sources), chosen, parts, problems)

    def _unit(self, file: FoundFile, listing: Listing, parts: dict[str, Part[Any]]) -> Unit | None:
        """Give the newest unit of an entry that can be read; of a bad file the last good version."""
        last = self._served.units.get(file.id)
        last = last if last is not None and last.path == file.path else None
        yaml = parts[file.path] = self._parts.read(file, read_entry)
        beside = listing.questions.get(file.path)
        questions = self._parts.read(beside, read_questions_file) if beside else None
        if questions is not None:
            parts[questions.file.path] = questions
            if questions.value is None:
                questions = last.questions if last else None
        if yaml.value is None and last is not None:
            yaml = last.yaml
        return self._units.join(yaml, questions)

    def _serve(self, newest: _Newest) -> None:
        """Put what can be served of the newest files in place of what was served; nothing if nothing can."""
        shared = choose_shared(newest.shared, self._served.shared, newest.units)
        units = {} if shared is None else choose_units(shared, newest.units, self._served.units)
        if shared is None or not units:
            return
        catalogue = make_catalogue(shared, units)
        if self._catalogue is None or catalogue.version != self._catalogue.version:
            self._catalogue = catalogue
        self._served = Served(shared, units)

    def _set_aside(self, newest: _Newest) -> tuple[tuple[str, ...], tuple[str, ...]]:
        served = self._served.digests()
        paths = [path for path in newest.parts if path]
        held = tuple(p for p in paths if p in served and served[p] != newest.parts[p].digest)
        return held, tuple(p for p in paths if p not in served)


def _same(newest: _Newest, last: _Newest) -> bool:
    """Say whether not one file was read again, appeared or went, and nothing else is wrong than before."""
    parts, former = newest.parts, last.parts
    unread = len(parts) == len(former) and all(former.get(path) is part for path, part in parts.items())
    return unread and newest.problems == last.problems


def _order(problem: Problem) -> tuple[bool, str, int]:
    return problem.warning, problem.path, problem.line or 0


def _empty(listing: Listing) -> list[Problem]:
    if listing.entries:
        return []
    path = listing.bureau.path.replace("bureau.yml", "catalogue") if listing.bureau else "catalogue"
    return [Problem(path, "", "一个条目也没有", "请检查数据文件夹的路径,或补上条目文件")]
