"""Tells the truth about each part: what works, what waits, what is wrong."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.desk.errors import StorageError
from bot.gateway.brain_client import BrainState
from bot.storage import consoles, inbox, outbox, presence
from bot.storage.database import Database
from bot.storage.outbox import Backlog

KEPT_SECONDS = 1.0
SLOW_INBOX = 60.0  # seconds that a message may wait for its answer
SLOW_OUTBOX = 300.0  # seconds that a reply may be due
FREE_BYTES = 500_000_000
FREE_SHARE = 0.03
MOST_PROBLEMS = 10
CONSOLE_SILENT = 20.0  # seconds after which a console is taken for dead


@dataclass(frozen=True)
class CatalogueState:
    """What is served now, and what is wrong with the files as they stand."""

    version: str
    entries: int
    samples: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part: whether it is well, and figures about it."""

    ok: bool
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """How the gateway is at a moment (seconds since the epoch).

    ``down`` means that messages cannot be taken in; ``degraded`` that something else is wrong.
    """

    at: float
    parts: dict[str, Part]

    @property
    def status(self) -> str:
        """Sum all parts up."""
        if not self.parts["database"].ok:
            return "down"
        return "ok" if all(part.ok for part in self.parts.values()) else "degraded"

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain data."""
        parts = {name: {"ok": part.ok, **part.figures} for name, part in self.parts.items()}
        return {"status": self.status, "at": self.at, "parts": parts}


class Health:
    """Looks at every part, at most once a second however many ask."""

    def __init__(
        self,
        database: Database,
        brains: Callable[[], Any],
        catalogue: Callable[[], CatalogueState],
        folder: Path,
        owner: str,
        clock: Callable[[], float] = time.time,
        complaints: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._complaints = complaints
        self._database = database
        self._brains = brains
        self._catalogue = catalogue
        self._folder = folder
        self._owner = owner
        self._clock = clock
        self._lock = asyncio.Lock()
        self._last: tuple[float, Report] | None = None

    async def report(self) -> Report:
        """Give how everything is."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._last[0] > KEPT_SECONDS:
                self._last = (time.monotonic(), await self._look())
            return self._last[1]

    async def _look(self) -> Report:
        now = self._clock()
        written, brains, backlog, console = await asyncio.gather(
            self._write(now), self._brains(), self._backlogs(now), self._console(now)
        )
        parts = {
            "database": written,
            "catalogue": _catalogue(self._catalogue()),
            "brains": _brain_part(brains),
            "console": console,
            **backlog,
            "channels": _channels(self._complaints()),
            "disk": _disk(self._folder),
        }
        return Report(now, parts)

    async def _write(self, now: float) -> Part:
        kind = self._database.engine.dialect.name
        began = time.perf_counter()
        try:
            await self._database.write(partial(presence.show, owner=self._owner, now=now))
        except StorageError:
            return Part(False, {"kind": kind, "write_ms": None})
        return Part(True, {"kind": kind, "write_ms": round((time.perf_counter() - began) * 1000, 1)})

    async def _console(self, now: float) -> Part:
        """Tell of the consoles that have not signed off. None is well: not every deployment has one."""
        try:
            known = await self._database.read(consoles.present)
        except StorageError:
            return Part(False, {"running": None})
        silent = round(max((now - seen for _, seen in known), default=0.0), 1)
        figures = {"running": len(known), "silent_seconds": max(0.0, silent)}
        return Part(silent < CONSOLE_SILENT, figures)

    async def _backlogs(self, now: float) -> dict[str, Part]:
        try:
            waiting, since = await self._database.read(inbox.backlog)
            replies = await self._database.read(outbox.backlog)
        except StorageError:
            return {"inbox": Part(False, {"waiting": None}), "outbox": Part(False, {"waiting": None})}
        return {"inbox": _inbox(waiting, since, now), "outbox": _outbox(replies, now)}


def _catalogue(state: CatalogueState) -> Part:
    figures = {"version": state.version, "entries": state.entries, "samples": state.samples}
    told = {"problem_count": len(state.problems), "problems": list(state.problems[:MOST_PROBLEMS])}
    return Part(state.entries > 0 and not state.problems, {**figures, **told})


def _brain_part(states: Sequence[BrainState]) -> Part:
    each = [{"number": s.number, "ok": s.up, "state": s.note} for s in states]
    return Part(bool(states) and all(s.up for s in states), {"each": each})


def _channels(complaints: Sequence[str]) -> Part:
    return Part(not complaints, {"complaint_count": len(complaints), "problems": list(complaints)})


def _inbox(waiting: int, since: float | None, now: float) -> Part:
    oldest = round(max(0.0, now - since), 1) if since is not None else 0.0
    return Part(oldest < SLOW_INBOX, {"waiting": waiting, "oldest_seconds": oldest})


def _outbox(backlog: Backlog, now: float) -> Part:
    late = round(max(0.0, now - backlog.due_since), 1) if backlog.due_since is not None else 0.0
    figures = {
        "waiting": backlog.waiting,
        "held": backlog.held,
        "undeliverable": backlog.undeliverable,
        "doubtful": backlog.doubtful,
        "late_seconds": late,
    }
    return Part(late < SLOW_OUTBOX, figures)


def _disk(folder: Path) -> Part:
    try:
        status = os.statvfs(folder)
    except OSError:
        return Part(False, {"free_bytes": None})
    free, whole = status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize
    enough = free > FREE_BYTES and (not whole or free / whole > FREE_SHARE)
    return Part(enough, {"free_bytes": free, "free_share": round(free / whole, 3) if whole else None})
