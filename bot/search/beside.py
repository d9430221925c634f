"""Which entry answers what is asked next, where the one that is talked about does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.desk.catalogue import Catalogue
from bot.search.asked import rarity
from bot.search.codes import coded
from bot.search.entries import rows_of
from bot.search.matrix import Matrix
from bot.search.vocabulary import Vocabulary


@dataclass(frozen=True)
class Beside:
    """Questions that any entry of a kind draws after it, each with the entry of that kind that answers it."""

    vocabulary: Vocabulary
    matrix: Matrix
    entries: tuple[str, ...]

    @classmethod
    def of(
        cls,
        answered_by: Mapping[str, Sequence[str]],
        catalogue: Catalogue,
        vocabulary: Vocabulary,
        clean: Callable[[str], str],
    ) -> Beside:
        """Take the questions of ``answered_by`` whose entries are served."""
        kept = [(clean(text), e) for e, texts in answered_by.items() if catalogue.get(e) for text in texts]
        rows = list(rows_of([text for text, _ in kept], vocabulary))
        return cls(vocabulary, Matrix.build(rows, rarity(vocabulary, rows)), tuple(e for _, e in kept))

    def nearest(self, clean: str) -> tuple[str | None, float]:
        """Give the entry of the nearest question, and how near, 0 to 1, a clean text comes to it."""
        if not self.entries:
            return None, 0.0
        likeness = self.matrix.similar(self.vocabulary.known_codes(coded(clean)))
        best = int(likeness.argmax())
        return self.entries[best], float(likeness[best])
