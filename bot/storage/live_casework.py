"""Keeps the rules and words of handoffs as fresh as their files and the catalogue."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.desk.catalogue import Catalogue
from bot.desk.errors import CatalogueError
from bot.desk.handoffs import rules_of
from bot.desk.handoffs.telling import Telling
from bot.desk.time_limits import TimeLimits
from bot.desk.working_days import Calendar
from bot.storage.calendar_files import load_calendar
from bot.storage.casework import Casework
from bot.storage.responses_files import load_handoff_texts
from bot.storage.time_limit_files import load_time_limits

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks at the files
Files = tuple[Calendar, TimeLimits, dict[str, Any]]


class LiveCasework:
    """Calling it gives what use cases need now. A file that goes bad is logged; its last good state stays.

    Raises ``CatalogueError`` when made from bad files.
    """

    def __init__(
        self,
        data: Path,
        catalogue: Callable[[], Catalogue],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._data = data
        self._catalogue = catalogue
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._stamp = _stamp(data)
        self._files = _read(data)
        self._looked = monotonic()
        self._made: tuple[Catalogue, Files, Casework] | None = None

    def __call__(self) -> Casework:
        """Give rules, words and entries as they are now; may be called from any thread."""
        with self._lock:
            self._look()
            catalogue, made = self._catalogue(), self._made
            if made is None or made[0] is not catalogue or made[1] is not self._files:
                made = self._made = (catalogue, self._files, _casework(catalogue, self._files))
            return made[2]

    def _look(self) -> None:
        if self._monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked, stamp = self._monotonic(), _stamp(self._data)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._files = _read(self._data)
        except CatalogueError as error:
            log.error("calendar and time limits stay as they were: %s", error.for_reader)


def _casework(catalogue: Catalogue, files: Files) -> Casework:
    calendar, limits, texts = files
    rules = rules_of(catalogue.bureau, limits, calendar)
    by_code = {entry.code: entry for entry in catalogue}
    return Casework(
        rules, Telling(texts, catalogue.bureau), lambda key: catalogue.get(key) or by_code.get(key)
    )


def _read(data: Path) -> Files:
    return load_calendar(data), load_time_limits(data), load_handoff_texts(data)


def _stamp(data: Path) -> tuple[tuple[str, int, int], ...]:
    single = (data / "time_limits.yml", data / "responses" / "handoffs.yml")
    paths = [*sorted((data / "calendar").glob("*.yml")), *single]
    return tuple((str(p), s.st_mtime_ns, s.st_size) for p in paths if (s := _status(p)))


def _status(path: Path) -> Any:
    try:
        return path.stat()
    except OSError:
        return None
