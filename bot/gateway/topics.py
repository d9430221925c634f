"""What the gateway knows of the catalogue: whose an entry is, and the numbers that everybody may know."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry
from bot.desk.typography import polish

_CLAUSE = re.compile(r"[^;\uff1b。]+[;\uff1b。]?")
_OPEN_END = re.compile(r"[;\uff1b]$")


@dataclass(frozen=True)
class Promise:
    """What is said when staff will answer; ``{receipt}``, ``{section}`` and ``{phone}`` are filled in."""

    failed: str
    handed_off: str


class Topics:
    """Looks entries up by code or id in the catalogue as it is now."""

    def __init__(self, catalogue: Callable[[], Catalogue], promise: Promise) -> None:
        self._catalogue = catalogue
        self._promise = promise
        self._seen: Catalogue | None = None
        self._by_code: dict[str, Entry] = {}
        self._published: frozenset[str] = frozenset()

    def entry(self, code: str) -> Entry | None:
        """Give the entry with this code or id."""
        self._look()
        return self._by_code.get(code) or self._catalogue().get(code)

    def section_of(self, codes: tuple[str, ...]) -> str:
        """Give the id of the section that answers for the first of these entries."""
        entry = self.entry(codes[0]) if codes else None
        return self._catalogue().section_of(entry).id

    def section_named(self, text: str) -> str | None:
        """Give the id of the section whose name stands in the text: the one a complaint is about."""
        sections = self._catalogue().bureau.sections.values()
        named = [section for section in sections if section.name in text]
        return max(named, key=lambda section: len(section.name)).id if named else None

    @property
    def published(self) -> frozenset[str]:
        """The telephone numbers that the bureau itself tells: they are no secret when typed."""
        self._look()
        return self._published

    def promise(self, receipt: str, failed: bool, codes: tuple[str, ...] = ()) -> str:
        """Give the sentence that tells that staff will answer, and under which number."""
        catalogue = self._catalogue()
        section = catalogue.bureau.sections[self.section_of(codes)]
        phone = section.phone or catalogue.bureau.phone
        text = self._promise.failed if failed else self._promise.handed_off
        if phone is None:
            text = _without_phone(text)
        told = text.format(receipt=receipt, section=section.name, phone=phone, bureau=catalogue.bureau.name)
        return polish(told)

    def _look(self) -> None:
        catalogue = self._catalogue()
        if catalogue is self._seen:
            return
        self._by_code = {entry.code: entry for entry in catalogue}
        bureau = catalogue.bureau
        known = [bureau.phone, *(s.phone for s in bureau.sections.values())]
        known += [body.phone for body in bureau.bodies.values()]
        self._published = frozenset(number for number in known if number)
        self._seen = catalogue


def _without_phone(text: str) -> str:
    """Leave out the clauses that give a telephone number."""
    kept = "".join(clause for clause in _CLAUSE.findall(text) if "{phone}" not in clause)
    return _OPEN_END.sub("。", kept)
