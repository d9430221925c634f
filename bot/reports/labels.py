"""Reads the words of the statistics from ``data/reports``, and names the values of fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk.catalogue import Catalogue
from bot.desk.errors import CatalogueError
from bot.desk.statistics import Part
from bot.reports.annual import load_form
from bot.storage.responses_files import read_words


@dataclass(frozen=True)
class Labels:
    """The Chinese words of the tables, from ``data/reports/words.yml``."""

    titles: Mapping[str, str]
    columns: Mapping[str, str]
    topics: Mapping[str, str]
    outcomes: Mapping[str, str]
    channels: Mapping[str, str]
    facets: Mapping[str, str]
    none: str
    total: str
    notes: tuple[str, ...]
    fields: Mapping[str, str]
    values: Mapping[str, Mapping[Part, str]]
    no_value: str
    no_facet: str
    not_rated: str
    whole: str
    book: Mapping[str, str]

    def value(self, field: str, part: Part, catalogue: Catalogue | None) -> str:
        """Give the name of a value of a field. What has vanished from the catalogue keeps its id."""
        if part is None:
            absent = {
                "facets": self.no_facet,
                "satisfaction": self.not_rated,
                **dict.fromkeys(("topic", "entry", "entries"), self.none),
            }
            return absent.get(field, self.no_value)
        if field == "hour":
            return f"{part:02d}:00"
        return self._named(field, part, catalogue) or str(part)

    def _named(self, field: str, part: Part, catalogue: Catalogue | None) -> str | None:
        words = {
            "topic": self.topics,
            "outcome": self.outcomes,
            "channel": self.channels,
            "facets": self.facets,
        }
        found = words.get(field, {}).get(str(part)) or self.values.get(field, {}).get(part)
        if found or catalogue is None:
            return found
        if field == "section":
            section = catalogue.bureau.sections.get(str(part))
            return section.name if section else None
        if field == "entry":
            entry = catalogue.get(str(part))
            return entry.name if entry else None
        if field == "entries":
            return next((entry.name for entry in catalogue if entry.code == part), None)
        return None


def load_labels(data: Path) -> Labels:
    """Give the words of the reports. Raises ``CatalogueError`` naming the file."""
    path = data / "reports" / "words.yml"
    content: dict[str, Any] = read_words(path)
    form = load_form(data)
    staff = read_words(data / "responses" / "handoffs.yml")["labels"]
    try:
        # The outcomes and applicants of the register have the names of the yearly form.
        content["values"]["outcome"].update(form["names"])
        content["values"]["applicant"] = form["applicants"]
        content["values"]["state"], content["values"]["reason"] = staff["states"], staff["reasons"]
        return Labels(**{**content, "notes": tuple(content["notes"])})
    except (KeyError, TypeError) as error:
        raise CatalogueError(f"{path}: {error}", f"文字文件 {path} 缺少内容或多出内容:{error}") from error
