"""The catalogue: every entry of a bureau, looked up by id or by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.desk.bureau import Bureau, Section, Source
from bot.desk.entries import Entry


@dataclass(frozen=True)
class Catalogue:
    """All that the bureau has written down; immutable, replaced as a whole when a file changes."""

    bureau: Bureau
    entries: dict[str, Entry]
    sources: dict[str, Source]
    version: str = ""

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def get(self, entry_id: str | None) -> Entry | None:
        """Give the entry with this id, or ``None``."""
        return self.entries.get(entry_id) if entry_id else None

    def by_code(self, code: str) -> Entry | None:
        """Give the entry with this code of the content pack (``s01``), or ``None``."""
        return next((e for e in self if e.code == code), None)

    def section_of(self, entry: Entry | None) -> Section:
        """Give the one section that answers for the entry; the intake section when none is named."""
        sections = self.bureau.sections
        named = entry.section if entry else None
        return sections[named if named in sections else self.bureau.default_section]

    def served(self, today: date, samples: bool) -> Catalogue:
        """Give the catalogue with only those entries that may be told on ``today``."""
        kept = {e.id: e for e in self if e.served(today, samples)}
        return Catalogue(self.bureau, kept, self.sources, self.version)

    def titles(self, source_ids: Iterable[str]) -> tuple[str, ...]:
        """Give the titles of the sources, in order, leaving out what is not listed."""
        return tuple(self.sources[s].title for s in source_ids if s in self.sources)
