"""An entry together with its questions file: the unit that is served, held back or left out as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.desk.entries import Entry
from bot.storage.catalogue_listing import FoundFile
from bot.storage.catalogue_parts import Part
from bot.storage.catalogue_readers import EntryFile, QuestionsFile
from bot.storage.entry_rules import References
from bot.storage.problems import Issue, Problem, Where, dotted


@dataclass(frozen=True, eq=False)
class Unit:
    """An entry with all its questions, and the two files it was read from."""

    entry: Entry
    references: References
    yaml: Part[EntryFile]
    questions: Part[QuestionsFile] | None

    @property
    def path(self) -> str:
        """The file of the entry."""
        return self.yaml.file.path

    @property
    def digest(self) -> bytes:
        """What changes when the content changes."""
        return self.yaml.digest + (self.questions.digest if self.questions else b"")

    def place(self, where: Where) -> tuple[FoundFile, Where, int | None]:
        """Give the file in which a place of the entry stands, and the line where the file has only lines."""
        own = len(self.yaml.value.entry.questions) if self.yaml.value else 0
        if self.questions and self.questions.value and where[:1] == ("questions",) and len(where) > 1:
            number = int(where[1]) - own
            if number >= 0:
                return self.questions.file, (), self.questions.value.lines[number]
        return self.yaml.file, where, None


class UnitStore:
    """Joins entries with their questions, and keeps the joined entry while neither file changes."""

    def __init__(self) -> None:
        self._held: dict[str, Unit] = {}

    def join(self, yaml: Part[EntryFile], questions: Part[QuestionsFile] | None) -> Unit | None:
        """Give the unit of two files; ``None`` when the file of the entry is bad."""
        held = self._held.get(yaml.file.path)
        if held is not None and held.yaml is yaml and held.questions is questions:
            return held
        if yaml.value is None:
            return None
        entry = yaml.value.entry
        if questions is not None and questions.value is not None:
            entry = replace(entry, questions=entry.questions + questions.value.questions)
        unit = Unit(entry, yaml.value.references, yaml, questions)
        self._held[yaml.file.path] = unit
        return unit

    def forget_others(self, paths: set[str]) -> None:
        """Forget the entries that are no longer there."""
        for gone in self._held.keys() - paths:
            del self._held[gone]


def by_id(units: list[Unit], good: Mapping[str, Unit]) -> tuple[dict[str, Unit], list[Problem]]:
    """Give one unit for each id, and a problem for each file whose id another file has as well.

    The file that was served before stays, else the first by its path.
    """
    chosen: dict[str, Unit] = {}
    clashes: list[Unit] = []
    for unit in units:
        other = chosen.get(unit.entry.id)
        if other is None:
            chosen[unit.entry.id] = unit
            continue
        clashes += [other, unit]
        served = good.get(unit.entry.id)
        if served is not None and served.path == unit.path:
            chosen[unit.entry.id] = unit
    return chosen, [_clash(unit) for unit in dict.fromkeys(clashes)]


def _clash(unit: Unit) -> Problem:
    message = f"标识「{unit.entry.id}」在另一个文件夹里也有"
    return Problem(unit.path, "", message, "标识就是文件名,请给其中一个文件改名")


def issue_told(unit: Unit, issue: Issue, lines: Mapping[Where, int]) -> Problem:
    """Give an issue of an entry as a problem of the file in which it stands."""
    file, where, line = unit.place(issue.where)
    line = line or lines.get(where)
    return Problem(file.path, dotted(where), issue.message, issue.fix, line, issue.warning)
