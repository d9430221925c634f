"""Says what is wrong between the files of a catalogue, and on which line of which file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from bot.storage.bureau_documents import unknown_sources
from bot.storage.catalogue_assembly import Shared
from bot.storage.catalogue_parts import PartStore
from bot.storage.catalogue_rules import double_codes, shared_names, shared_questions
from bot.storage.catalogue_units import Unit, issue_told
from bot.storage.entry_rules import reference_issues
from bot.storage.problems import Issue, Problem, Where, told

_MOST_WITH_LINES = 500
"""To find a line the file is parsed once more, so that only the first entries get theirs."""


def problems_between(
    shared: Shared, units: Mapping[str, Unit], ids: Set[str], parts: PartStore
) -> list[Problem]:
    """Give the double codes, the names and questions in common, and the references that lead nowhere.

    ``ids`` are those of all files of entries, also of those that cannot be read.
    """
    entries = {entry_id: unit.entry for entry_id, unit in units.items()}
    found = [*double_codes(entries), *shared_names(entries), *shared_questions(entries)]
    problems: list[Problem] = []
    if shared.complete:
        known = shared.known(ids)
        for entry_id, unit in units.items():
            if not unit.references.hold(known) or entry_id in unit.references.entries:
                found += [(entry_id, issue) for issue in reference_issues(unit.entry, known)]
        problems = _in_bureau(shared, parts)
    return problems + _in_entries(found, units, parts)


def _in_bureau(shared: Shared, parts: PartStore) -> list[Problem]:
    bureau, sources = shared.bureau, shared.sources
    assert bureau.value is not None
    assert sources.value is not None
    issues = unknown_sources(bureau.value.sources, sources.value.keys())
    lines = parts.lines(bureau.file, {i.where for i in issues}) if issues else {}
    return [told(issue, bureau.file.path, lines.get(issue.where)) for issue in issues]


def _in_entries(
    found: Iterable[tuple[str, Issue]], units: Mapping[str, Unit], parts: PartStore
) -> list[Problem]:
    of_entry: dict[str, list[Issue]] = defaultdict(list)
    for entry_id, issue in found:
        of_entry[entry_id].append(issue)
    problems: list[Problem] = []
    for number, (entry_id, issues) in enumerate(of_entry.items()):
        unit = units[entry_id]
        lines: Mapping[Where, int] = {}
        if number < _MOST_WITH_LINES:
            wanted = {unit.place(issue.where)[1] for issue in issues}
            lines = parts.lines(unit.yaml.file, wanted)
        problems += [issue_told(unit, issue, lines) for issue in issues]
    return problems
