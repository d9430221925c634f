"""Cuts a long text into messages at ends of lines and sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.desk.typography import polish

LIMIT = 2048
"""Bytes of UTF-8 that one message may hold (the platforms' measured limit)."""
PART = LIMIT - 128
"""The same for one part of a longer text: room is left for a word on what follows."""

_SENTENCE = re.compile(r"(?<=[。!?;\uff01\uff1f\uff1b])")
_JOINER = "\u200d"


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Give the text in parts of at most ``limit`` bytes.

    Cut at line ends, else at sentence ends, else between characters.
    """
    parts: list[str] = []
    current = ""
    for line in text.split("\n"):
        for piece in _fitting(line, limit):
            joined = f"{current}\n{piece}" if current else piece
            if _size(joined) <= limit:
                current = joined
            else:
                parts.append(current)
                current = piece
    return [p.strip("\n") for p in [*parts, current] if p.strip()]


def _size(text: str) -> int:
    """Measure the text as it is shown: polishing makes marks wider."""
    return max(len(text.encode("utf-8")), len(polish(text).encode("utf-8")))


def _fitting(line: str, limit: int) -> Iterator[str]:
    """Give the line whole when it fits, else packed sentences, else packed characters."""
    if _size(line) <= limit:
        yield line
        return
    current = ""
    for unit in _units(line, limit):
        if current and _size(current + unit) > limit:
            yield current
            current = ""
        current += unit
    if current:
        yield current


def _units(line: str, limit: int) -> Iterator[str]:
    for sentence in _SENTENCE.split(line):
        if _size(sentence) <= limit:
            yield sentence
        else:
            yield from _clusters(sentence)


def _clusters(text: str) -> Iterator[str]:
    """Give the characters with what belongs to them: marks, variation selectors, joined emoji."""
    cluster = ""
    for character in text:
        extends = unicodedata.combining(character) or character in ("\ufe0f", "\ufe0e", _JOINER)
        if cluster and not extends and not cluster.endswith(_JOINER) and not _flag(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _flag(cluster: str, character: str) -> bool:
    return len(cluster) == 1 and _regional(cluster) and _regional(character)


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
