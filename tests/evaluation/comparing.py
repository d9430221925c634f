"""Keeps what a report came to, and says what got worse since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evaluation.figures import Count, by_slice
from tests.evaluation.judging import SCORES, Judged, Verdict
from tests.evaluation.questions import Half

LAST = "last.json"


@dataclass(frozen=True)
class Change:
    """What is different from an earlier report; ids are of the tuning half alone."""

    before: str
    worse: tuple[str, ...]
    better: tuple[str, ...]
    slices: tuple[str, ...]


def summary(turns: Sequence[Judged], made: str, how: str) -> dict[str, Any]:
    """Give what is kept: counts by half and slice, verdicts turn by turn of the tuning half only."""
    return {
        "made": made,
        "how": how,
        "halves": {
            half.value: {
                name: [c.right, c.silent, c.wrong]
                for name, c in by_slice([t for t in turns if t.half == half.value]).items()
            }
            for half in Half
        },
        "tuning": {t.id: t.verdict.value for t in turns if t.half == Half.TUNING.value},
    }


def last(folder: Path) -> dict[str, Any] | None:
    """Give the summary of the last report, if there is one that can be read."""
    try:
        kept: dict[str, Any] = json.loads((folder / LAST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return kept


def keep(folder: Path, found: Mapping[str, Any]) -> None:
    """Make this summary the last one."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LAST).write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")


def compare(before: Mapping[str, Any], now: Mapping[str, Any]) -> Change:
    """Say which turns of the tuning half, and which slices of either half, changed."""
    old, new = before["tuning"], now["tuning"]
    both = [i for i in new if i in old]
    worse = tuple(i for i in both if _worth(new[i]) < _worth(old[i]))
    better = tuple(i for i in both if _worth(new[i]) > _worth(old[i]))
    return Change(f"{before['made']} ({before['how']})", worse, better, tuple(_slices(before, now)))


def _worth(verdict: str) -> int:
    return SCORES[Verdict(verdict)]


def _slices(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    lines = []
    for half, slices in now["halves"].items():
        for name, counts in slices.items():
            was = before["halves"].get(half, {}).get(name)
            if was and was != counts and sum(was) == sum(counts):  # else the questions are others
                lines.append((_drop(was, counts), f"{half}, {name}: {_told(was)} -> {_told(counts)}"))
    return [line for _, line in sorted(lines)]


def _drop(was: list[int], counts: list[int]) -> float:
    return Count(*counts).score - Count(*was).score


def _told(counts: list[int]) -> str:
    count = Count(*counts)
    return f"{count.share(Verdict.RIGHT).value:.1%} right, {count.wrong} wrong of {count.total}"
