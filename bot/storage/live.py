"""Keeps the catalogue of a running process as fresh as its files, and tells who depends on it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import watchfiles

from bot.desk.catalogue import Catalogue
from bot.desk.errors import CatalogueError
from bot.storage.catalogue_files import CatalogueLoader, LoadReport
from bot.storage.collecting import without_collection
from bot.storage.problems import Problem

log = logging.getLogger(__name__)

Callback = Callable[[Catalogue], None]

_DEBOUNCE_MS = 800
"""The longest that a run of changes is waited out: an editor saves in several steps, a copy takes a while."""
_QUIET_MS = 100
_POLL_SECONDS = 1.0
_SHARE_OF_POLLING = 50
"""Looking at every file may take this part of the time at most (one fiftieth)."""


@dataclass(frozen=True)
class LiveState:
    """What is served now, and what is wrong with the files as they stand now."""

    catalogue: Catalogue
    report: LoadReport


class LiveCatalogue:
    """The catalogue under ``data``, replaced within two seconds when a file is saved.

    A bad file is refused with its reason in ``problems``, and its last good version stays. Callbacks
    are called from the watching thread, one after another, with the new catalogue.
    """

    def __init__(
        self, data: Path, on_change: Callback | None = None, poll: bool = False, watch: bool = True
    ) -> None:
        """Load the catalogue and watch its files; ``poll`` does without the system's notifications.

        Raises ``CatalogueError`` when nothing can be served: the bureau or every entry is bad.
        """
        self._data = data
        self._loader = CatalogueLoader(data)
        self._poll = poll
        self._complained = False
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._callbacks: list[Callback] = [on_change] if on_change else []
        self._state = self._first()
        self._thread = threading.Thread(target=self._watch, name="catalogue", daemon=True)
        if watch:
            self._thread.start()

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue to answer from; immutable, so that a turn works on one version throughout."""
        return self._state.catalogue

    @property
    def version(self) -> str:
        """What changes whenever the content that is served changes."""
        return self._state.catalogue.version

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files as they stand now."""
        return self._state.report.problems

    @property
    def report(self) -> LoadReport:
        """What came of the last loading: also the files held back and left out."""
        return self._state.report

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Have ``callback`` called with each new catalogue from now on. Gives what ends it."""
        with self._lock:
            self._callbacks.append(callback)
        return lambda: self._unsubscribe(callback)

    def reload(self) -> LoadReport:
        """Look at the files now, replace the catalogue if its content changed, and tell the subscribers."""
        with self._lock:
            report = self._loader.load(keep_good=True)
            before = self._state
            self._state = LiveState(report.catalogue or before.catalogue, report)
            callbacks = list(self._callbacks) if self.version != before.catalogue.version else []
        _tell(report, before.report)
        for callback in callbacks:
            self._call(callback)
        return report

    @property
    def stopped(self) -> bool:
        """Whether the files are no longer watched."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Stop watching; the catalogue stays as it is."""
        self._stopped.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def _first(self) -> LiveState:
        report = self._loader.load(keep_good=True)
        _tell(report, None)
        if report.catalogue is None:
            told = ";".join(str(problem) for problem in report.errors[:5])
            raise CatalogueError(f"nothing to serve under {self._data}", f"知识目录无法使用:{told}")
        return LiveState(report.catalogue, report)

    def _unsubscribe(self, callback: Callback) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def _call(self, callback: Callback) -> None:
        try:
            with without_collection():
                callback(self.catalogue)
        except Exception:  # one subscriber's fault must not end the watching for the others
            log.exception("a subscriber of the catalogue failed")

    def _watch(self) -> None:
        for _ in self._moments():
            try:
                self.reload()
            except Exception:  # the last good catalogue stays, and the next change is another chance
                log.exception("the catalogue could not be reloaded")

    def _moments(self) -> Iterator[None]:
        """Give the moments at which files have changed or may have changed, until stopped.

        Notifications come at once but not from every file system, so that all files are also looked at
        every second, or less often where that takes long. Without notifications it is every second.
        """
        while not self._stopped.is_set():
            try:
                if not self._poll:
                    yield from self._notified()
            except (OSError, RuntimeError) as error:
                self._complain(error)
            if not self._stopped.wait(_POLL_SECONDS):
                yield

    def _notified(self) -> Iterator[None]:
        pace = _Pace()
        watched = _identity(self._data)
        for changes in watchfiles.watch(
            self._data,
            debounce=_DEBOUNCE_MS,
            step=_QUIET_MS,
            stop_event=self._stopped,
            rust_timeout=int(_POLL_SECONDS * 1000),
            yield_on_timeout=True,
        ):
            if changes or pace.due():
                with pace:
                    yield
            if _identity(self._data) != watched:
                return  # the folder was replaced: watch the new one

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            log.warning("no notifications of changed files (%s): looking every second", error)
        self._complained = True


class _Pace:
    """Paces the looking at all files by how long it takes."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _POLL_SECONDS
        self._began = 0.0

    def due(self) -> bool:
        return time.monotonic() >= self._next

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        now = time.monotonic()
        self._next = now + max(_POLL_SECONDS, (now - self._began) * _SHARE_OF_POLLING)


def _identity(data: Path) -> tuple[int, int] | None:
    try:
        status = data.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _tell(report: LoadReport, before: LoadReport | None) -> None:
    """Log the errors that are new, and that there are none any more."""
    known = set(before.errors) if before else set()
    for problem in report.errors:
        if problem not in known:
            log.error("catalogue: %s", problem)
    for path in report.left_out:
        if before is None or path not in before.left_out:
            log.error("catalogue: %s is not served", path)
    if known and not report.errors:
        log.info("catalogue: every file is right again")


_live: dict[Path, LiveCatalogue] = {}
_live_lock = threading.Lock()


def current(data: Path) -> LiveCatalogue:
    """Give the one live catalogue of this process for a folder; started when first asked for."""
    path = data.resolve()
    with _live_lock:
        live = _live.get(path)
        if live is None or live.stopped:
            live = _live[path] = LiveCatalogue(data)
        return live
