"""Figures that take long and are measured apart: kept beside the reports, and shown in each of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = "beside"
TITLES = {"pipelines": "Pipelines side by side", "ablation": "What each addition to the data brought"}


@dataclass(frozen=True)
class Beside:
    """A text of figures, and when it was measured."""

    title: str
    made: str
    lines: tuple[str, ...]


def keep(folder: Path, name: str, made: str, lines: Sequence[str]) -> None:
    """Keep the lines under one of the names of ``TITLES``, in place of those kept before."""
    path = folder / FOLDER / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"made": made, "lines": list(lines)}, ensure_ascii=False, indent=1), "utf-8")


def kept(folder: Path) -> list[Beside]:
    """Give what was kept; what cannot be read is left out."""
    found = []
    for name, title in TITLES.items():
        try:
            read = json.loads((folder / FOLDER / f"{name}.json").read_text("utf-8"))
            found.append(Beside(title, str(read["made"]), tuple(read["lines"])))
        except (OSError, ValueError, KeyError):
            continue
    return found
