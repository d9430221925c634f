"""Which aspects a question names, and what is left of it when habit and aspect are taken away."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.desk.entries import Facet
from bot.desk.lexicon import Lexicon
from bot.desk.masking import LABELS
from bot.search.normalise import normalise
from bot.search.questions import clauses


class Phrases:
    """The lexicon, ready for quick use on normalised text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._owner = {phrase: facet for facet, phrases in lexicon.facets.items() for phrase in phrases}
        self._facet = _either(self._owner)
        self._filler = _either(lexicon.signs["fillers"])
        self._variant = _either(lexicon.variants)
        self._letters = re.compile(rf"(?<![a-z])(?:{_either(lexicon.letters).pattern})(?![a-z])")
        labels = "|".join(map(re.escape, LABELS))
        announced = _either(lexicon.signs["announcing"]).pattern
        self._hidden = re.compile(rf"(?:我们?的?|本人的?)?(?:{announced})?[是为:,]?\s*(?:{labels})")
        self._asking = _either(lexicon.signs["asking"])
        self._joiner = re.compile("|".join(map(re.escape, lexicon.signs["joiners"])))
        self.clean = lru_cache(maxsize=4096)(self._clean)
        self.subject = lru_cache(maxsize=4096)(self._subject)

    def _clean(self, text: str) -> str:
        """Normalise, take out what was hidden, bring words of other regions and of Latin letters to ours."""
        told, hidden = self._hidden.subn(" ", normalise(text))
        told = told.strip(" ,;。") if hidden else told
        plain = self._variant.sub(lambda m: self.lexicon.variants[m.group()], told)
        return self._letters.sub(lambda m: self.lexicon.letters[m.group()], plain)

    def facets(self, text: str) -> tuple[Facet, ...]:
        """Give the aspects that a clean text names, in the order of their appearance."""
        found = (self._owner[m.group()] for m in self._facet.finditer(text))
        return tuple(dict.fromkeys(found))

    def _subject(self, text: str) -> str:
        """Give what is left of a clean text without aspects, habit words and marks."""
        bare = self._facet.sub(" ", text)
        bare = self._filler.sub(" ", bare)
        return " ".join(re.findall(r"[\u3400-\u9fffa-z0-9]+", bare))

    def asks(self, text: str) -> bool:
        """Say whether a clean text looks like a question."""
        return bool(re.search(r"[?]", text) or self._asking.search(text) or self._facet.search(text))

    def clauses(self, text: str) -> list[str]:
        """Cut a clean text where one question may end and another begin."""
        return clauses(text, self._joiner, self.lexicon.said("each", text))


def _either(phrases: object) -> re.Pattern[str]:
    ordered = sorted(phrases, key=lambda p: (-len(p), p))  # type: ignore[call-overload]
    return re.compile("|".join(re.escape(p) for p in ordered))
