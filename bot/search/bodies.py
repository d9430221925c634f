"""Which other authority the words of a question point to."""

from __future__ import annotations

from collections.abc import Iterable

from bot.desk.bureau import ExternalBody
from bot.search.normalise import normalise


class Bodies:
    """The other authorities, found by their names and by the words people use for their business."""

    def __init__(self, bodies: Iterable[ExternalBody]) -> None:
        self._words: dict[str, str] = {}
        for body in bodies:
            for word in (body.name, *body.words):
                plain = normalise(word)
                if len(plain) >= 2:
                    self._words.setdefault(plain, body.id)
        self._longest = max(map(len, self._words), default=0)

    def named(self, text: str) -> tuple[str | None, float]:
        """Give the authority whose words fill most of a clean text, and the share of it they fill."""
        filled: dict[str, int] = {}
        at = 0
        while at < len(text):
            word = self._at(text, at)
            if word:
                body = self._words[word]
                filled[body] = filled.get(body, 0) + len(word)
            at += len(word) if word else 1
        if not filled:
            return None, 0.0
        best = max(filled, key=lambda b: filled[b])
        return best, round(filled[best] / max(len(text), 1), 4)

    def _at(self, text: str, start: int) -> str:
        for size in range(min(self._longest, len(text) - start), 1, -1):
            if text[start : start + size] in self._words:
                return text[start : start + size]
        return ""
