"""Measures turns end to end beside a plain Rasa bot: ``python -m tests.bench.turns``, or ``make bench``."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from math import isnan
from pathlib import Path

from tests.bench.bots import desk, plain_rasa
from tests.bench.load import Bot, Measured, growth, load

USERS = (1, 8, 32)
MARKS = (1, 50, 200, 500)
ROWS: tuple[tuple[str, Callable[[Measured], float], bool], ...] = (
    ("p50, ms", lambda m: m.p50, True),
    ("p95, ms", lambda m: m.p95, True),
    ("turns a second", lambda m: m.rate, False),
    ("processor time a turn, ms", lambda m: m.cpu, True),
    ("memory, MB", lambda m: m.memory, True),
)


@dataclass(frozen=True)
class Figures:
    """All that was measured of one bot."""

    name: str
    loads: dict[int, Measured]
    growth: dict[int, float]


def main() -> int:
    """Measure and print; exit code 1 when a turn failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each load (default 8)")
    parser.add_argument(
        "--cap", type=float, default=60.0, help="seconds for the long conversation (default 60)"
    )
    parser.add_argument("--only", choices=("desk", "plain"), help="measure one bot only")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    makers: dict[str, Callable[[Path], AbstractContextManager[Bot]]] = {"desk": desk, "plain": plain_rasa}
    names = [options.only] if options.only else list(makers)
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        figures = [_measure(makers[name], Path(folder), options.seconds, options.cap) for name in names]
    print(_table(figures))
    if options.json:
        options.json.write_text(json.dumps([asdict(f) for f in figures], indent=1), "utf-8")
    return 1 if any(m.errors for f in figures for m in f.loads.values()) else 0


def _measure(
    make: Callable[[Path], AbstractContextManager[Bot]], folder: Path, seconds: float, cap: float
) -> Figures:
    print(f"{make.__name__}: starting ...", flush=True)
    with make(folder) as bot:
        loads = {}
        for users in USERS:
            loads[users] = asyncio.run(load(bot, users, seconds))
            print(f"{bot.name}: {users} conversations: {loads[users].turns} turns", flush=True)
        grown = asyncio.run(growth(bot, MARKS, cap))
    return Figures(bot.name, loads, grown)


def _table(figures: list[Figures]) -> str:
    names = [f.name for f in figures]
    lines = [
        f"{'':46}" + "".join(f"{name:>14}" for name in names) + ("         ratio" if len(names) > 1 else "")
    ]
    for users in USERS:
        for title, value, smaller in ROWS:
            values = [value(f.loads[users]) for f in figures]
            lines.append(_row(f"{users:>2} conversations: {title}", values, smaller))
        busy = [f.loads[users].others for f in figures]
        lines.append(_row(f"{users:>2} conversations: other programs, cores", busy))
        lines.append(_row(f"{users:>2} conversations: errors", [f.loads[users].errors for f in figures]))
    for mark in MARKS:
        values = [f.growth.get(mark, float("nan")) for f in figures]
        lines.append(_row(f"turn {mark} of one conversation, ms", values, True))
    lines.append(_row("last turn measured / turn 1", [_grown(f) for f in figures], True))
    lines.append(
        f"{os.cpu_count()} cores, shared by the bot and the load; SQLite with full sync under the desk"
    )
    return "\n".join(lines)


def _grown(figures: Figures) -> float:
    return list(figures.growth.values())[-1] / figures.growth[1]


def _row(title: str, values: list[float], smaller: bool | None = None) -> str:
    """Give a line; the ratio tells how many times better the first bot is than the second."""
    told = f"{title:46}" + "".join(f"{'not reached' if isnan(v) else f'{v:.1f}':>14}" for v in values)
    if smaller is None or len(values) < 2 or not all(values) or any(map(isnan, values)):
        return told
    ratio = values[1] / values[0] if smaller else values[0] / values[1]
    return told + f"{ratio:>13.1f}x"


if __name__ == "__main__":
    raise SystemExit(main())
