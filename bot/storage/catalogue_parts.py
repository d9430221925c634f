"""Keeps what each file of a catalogue holds, and reads a file again only when it has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from bot.storage.catalogue_listing import FoundFile, Stamp
from bot.storage.problems import Problem, Where
from bot.storage.yaml_reading import lines_of

T = TypeVar("T")
_SETTLED_NS = 2_000_000_000
"""A file that changed less than this before it was read may change again without a new stamp."""


@dataclass(frozen=True)
class Part(Generic[T]):
    """What one file holds; ``value`` is ``None`` when the file is bad."""

    file: FoundFile
    digest: bytes
    value: T | None
    problems: tuple[Problem, ...] = ()


Reader = Callable[[FoundFile, bytes], "tuple[T | None, list[Problem]]"]
"""Reads the bytes of a file into its value, or into what is wrong with it."""


@dataclass
class _Held:
    stamp: Stamp
    settled: bool
    part: Part[Any]
    lines: dict[Where, int] = field(default_factory=dict)


class PartStore:
    """The files as they were last read; ``now_ns`` gives the time of the clock that stamps files."""

    def __init__(self, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._held: dict[str, _Held] = {}
        self._now_ns = now_ns

    def read(self, file: FoundFile, reader: Reader[T]) -> Part[T]:
        """Give what the file holds, from memory when it did not change since it was read."""
        held = self._held.get(file.path)
        if held is not None and held.settled and held.stamp == file.stamp:
            return held.part
        settled = self._now_ns() - file.stamp[0] > _SETTLED_NS
        raw = _content(file)
        if raw is None:
            self._held.pop(file.path, None)
            fix = "请检查文件是否还在、读取权限是否足够"
            return Part(file, b"", None, (Problem(file.path, "", "无法读取这个文件", fix),))
        digest = blake2b(raw, digest_size=16).digest()
        if held is None or held.part.digest != digest:
            value, problems = reader(file, raw)
            held = _Held(file.stamp, settled, Part(file, digest, value, tuple(problems)))
            self._held[file.path] = held
        held.stamp, held.settled = file.stamp, settled
        return held.part

    def forget_others(self, files: Iterable[FoundFile]) -> None:
        """Forget the files that are no longer there."""
        for gone in self._held.keys() - {file.path for file in files}:
            del self._held[gone]

    def lines(self, file: FoundFile, wanted: set[Where]) -> dict[Where, int]:
        """Give the lines of places in a file that was read, as far as they can be found."""
        held = self._held.get(file.path)
        if held is None:
            return {}
        if not wanted <= held.lines.keys():
            held.lines.update(lines_of(_content(file) or b"", wanted))
        return held.lines


def _content(file: FoundFile) -> bytes | None:
    try:
        with open(file.full, "rb") as stream:
            return stream.read()
    except OSError:
        return None
