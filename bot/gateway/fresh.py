"""A file of texts, as fresh as it is on disk and no more often read than it changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from bot.desk.errors import CatalogueError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Fresh(Generic[T]):
    """Gives what ``read`` makes of the file; a bad file is refused and the last good one stays.

    Raises ``CatalogueError`` when the file is bad at the start.
    """

    def __init__(self, path: Path, read: Callable[[Path], T]) -> None:
        self._path = path
        self._read = read
        self._stamp = self._stamp_now()
        self._content = read(path)

    def __call__(self) -> T:
        """Give the content as it is now."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._content = self._read(self._path)
            except CatalogueError as error:
                log.error("the texts stay as they were: %s", error)
        return self._content

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
