"""Brings marks between Chinese characters to their full-width forms, as print has them."""

from __future__ import annotations

import re

_FULL = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"}
_HAN = "\u3400-\u9fff\u3001\u3002\u300a-\u3011\u2014\u201c\u201d\uff08\uff09"
_MARK = re.compile(
    rf"(?<=[{_HAN}0-9A-Za-z%])[,;:?!](?=[{_HAN}\s]|$)|(?<=[{_HAN}])[,;:?!](?=[0-9A-Za-z(<\"']|$)"
)
_BRACKETS = re.compile(rf"\(([^()\n]*[{_HAN}][^()\n]*)\)")


def polish(text: str) -> str:
    """Give the text as it is shown to people; figures, addresses and Latin words keep their marks."""
    bracketed = _BRACKETS.sub("\uff08\\1\uff09", text)
    return _MARK.sub(_mark, bracketed)


def _mark(found: re.Match[str]) -> str:
    return _FULL[found.group()] if _near_han(found) else found.group()


def _near_han(found: re.Match[str]) -> bool:
    text, at = found.string, found.start()
    return bool(re.search(rf"[{_HAN}]", text[max(0, at - 12) : at + 12]))
