"""What is trained: four small classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.desk.entries import Facet
from bot.desk.reading import Want
from bot.search.codes import coded, family_of
from bot.search.linear import Linear

FILES = ("wants", "facets", "entries", "bodies")


@dataclass(frozen=True)
class Model:
    """The trained part of the understanding; satisfies ``bot.search.reader.Trained``."""

    want: Linear
    facet: Linear
    entry: Linear
    body: Linear

    def wants(self, text: str) -> Mapping[Want, float]:
        """Give what the person wants."""
        return {Want(label): p for label, p in self.want.likelihoods(text).items()}

    def facets(self, text: str) -> Mapping[Facet, float]:
        """Give which aspects are asked for."""
        return {Facet(label): p for label, p in self.facet.likelihoods(text).items()}

    def known(self, text: str) -> float:
        """Give the share of the text's two-character pieces that any example of the training had."""
        codes = coded(text)
        pairs = codes[family_of(codes) == "2"]
        return len(self.want.rows(pairs)) / len(pairs) if len(pairs) else 0.0

    def entries(self, text: str) -> Mapping[str, float]:
        """Give which entry is meant, of those that were there at training."""
        return self.entry.likelihoods(text)

    def bodies(self, text: str) -> Mapping[str, float]:
        """Give which other authority is meant, if one is."""
        return self.body.likelihoods(text)

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        for name, part in zip(FILES, (self.want, self.facet, self.entry, self.body), strict=True):
            part.save(folder / f"{name}.npz")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what ``save`` wrote."""
        want, facet, entry, body = (Linear.load(folder / f"{name}.npz") for name in FILES)
        return cls(want, facet, entry, body)
