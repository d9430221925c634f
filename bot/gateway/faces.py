"""The face of the web chat, as fresh as its files and no more often read than they change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from bot.channels.webchat import Face, Texts, read_texts
from bot.desk.catalogue import Catalogue
from bot.desk.entries import ReviewState
from bot.desk.errors import CatalogueError
from bot.gateway import texts

log = logging.getLogger(__name__)


class LiveFace:
    """Gives the face of now; a bad file is refused and the last good one stays.

    Raises ``CatalogueError`` when the file is bad at the start.
    """

    def __init__(self, path: Path, catalogue: Callable[[], Catalogue], samples: bool) -> None:
        self._path = path
        self._catalogue = catalogue
        self._samples = samples
        self._stamp = self._stamp_now()
        self._texts = read_texts(path)
        self._seen: Catalogue | None = None
        self._notice: str | None = None

    def __call__(self) -> Face:
        """Give the face."""
        catalogue = self._catalogue()
        if catalogue is not self._seen:
            sample = any(entry.review.state is ReviewState.SAMPLE for entry in catalogue)
            self._notice = texts.DEMONSTRATION if self._samples and sample else None
            self._seen = catalogue
        return Face(catalogue.bureau, self._fresh(), self._notice)

    def _fresh(self) -> Texts:
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._texts = read_texts(self._path)
            except CatalogueError as error:
                log.error("web chat: the texts stay as they were: %s", error)
        return self._texts

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
