"""Reads the words of the statistics from ``data/statistics``."""

from __future__ import annotations

from pathlib import Path

from bot.reports.enquiries import Labels
from bot.storage.responses_files import read_mapping


def load_labels(data: Path) -> Labels:
    """Give the words of the enquiry export. Raises ``CatalogueError`` naming the file."""
    content = read_mapping(data / "statistics" / "enquiries.yml")
    return Labels(**{**content, "notes": tuple(content["notes"])})
