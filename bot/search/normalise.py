"""One way of writing for every text: widths, case, traditional characters, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACE = re.compile(r"\s+")
_FIRST, _LAST = 0x3400, 0xA000


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Give the table of traditional characters to simplified ones, one character to one."""
    characters = [chr(code) for code in range(_FIRST, _LAST)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(a): b for a, b in zip(characters, converted, strict=True) if a != b and len(b) == 1}


def normalise(text: str) -> str:
    """Give ``text`` in half-width, lower-case, simplified characters, blanks folded.

    Invisible format characters and control characters go; sentence marks stay.
    """
    plain = text.translate(_characters()) if _SIMPLE.fullmatch(text) else _written_one_way(text)
    return _SPACE.sub(" ", plain).strip()


def _written_one_way(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    visible = "".join(
        " " if c.isspace() else c for c in folded if unicodedata.category(c) not in _UNSEEN or c.isspace()
    )
    return visible.translate(_simplified())


_UNSEEN = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn"}
_SIMPLE = re.compile(r"[ -~\u00b7\u2010-\u2027\u3000-\u301b\u3400-\u9fff\uff01-\uff5e]*")
"""Texts of these characters can be brought to one way of writing character by character."""


@lru_cache(maxsize=1)
def _characters() -> dict[int, str]:
    """Give what becomes of each character of such a text; those that stay as they are are left out."""
    simple = (chr(code) for code in range(0x10000) if _SIMPLE.fullmatch(chr(code)))
    return {ord(c): plain for c in simple if (plain := _written_one_way(c)) != c}


def is_han(character: str) -> bool:
    """Say whether the character is a Chinese one."""
    return bool(_HAN.match(character))


def runs(text: str) -> list[str]:
    """Cut a normalised text into runs: each of Chinese characters only, or of letters and digits only."""
    return _RUNS.findall(text)


_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+|[0-9]+(?:\.[0-9]+)?")
