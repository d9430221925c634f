"""How near two wordings are, and what is left of one when the names in it are blanked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.desk.catalogue import Catalogue
from bot.search.normalise import normalise
from bot.search.numbers import document_number

BLANK = "◯"


@dataclass(frozen=True)
class Known:
    """A wording of the training data, and the file that holds it."""

    text: str
    file: str


def plain(text: str) -> str:
    """Give the text normalised, without marks and blanks."""
    return re.sub(r"[^\w]", "", normalise(text))


def grams(text: str) -> frozenset[str]:
    """Give the runs of three characters of a text; a shorter text is one run."""
    bare = plain(text)
    return frozenset(bare[at : at + 3] for at in range(len(bare) - 2)) or frozenset({bare})


class Names:
    """The names and aliases of a catalogue, to be blanked in a text."""

    def __init__(self, catalogue: Catalogue) -> None:
        names = {normalise(n) for e in catalogue for n in (e.name, *e.aliases)}
        longest_first = sorted(names, key=lambda n: (-len(n), n))
        self._names = re.compile("|".join(map(re.escape, longest_first)))

    def frame(self, text: str) -> str:
        """Give the text with each name and each figure blanked; marks do not count."""
        blanked = re.sub(r"\d+", "0", self._names.sub(BLANK, normalise(text)))
        return re.sub(rf"[^\w{BLANK}]", "", blanked)

    def beside(self, text: str) -> int:
        """Give how many Chinese characters there are besides names and the number of a document."""
        if document_number(normalise(text)):
            return 0
        return len(re.findall(r"[\u3400-\u9fff]", self.frame(text)))


def training_texts(catalogue: Catalogue, nlu: Path) -> Iterator[Known]:
    """Give every question and every example of talk that is trained on."""
    for entry in catalogue:
        for question in entry.questions:
            yield Known(question.text, f"data/catalogue/{entry.kind.value}/{entry.id}")
    for path in sorted(nlu.glob("*.yml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        for row in document.get("nlu", ()) if isinstance(document, dict) else ():
            for text in re.findall(r"^- (.+)$", row.get("examples", ""), re.MULTILINE):
                yield Known(text, f"data/nlu/{path.name}")


class Nearest:
    """Finds the wording that shares most runs of three characters with a text."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known: Sequence[tuple[Known, frozenset[str]]] = [(k, grams(k.text)) for k in known]
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, (_, runs) in enumerate(self._known):
            for run in runs:
                self._having[run].append(number)

    def to(self, text: str) -> tuple[float, Known | None]:
        """Give the largest share of common runs (Jaccard, 0 to 1) and whose it is."""
        runs = grams(text)
        common = Counter(n for run in runs for n in self._having.get(run, ()))
        shares = ((c / (len(runs | self._known[n][1])), n) for n, c in common.items())
        share, number = max(shares, default=(0.0, -1))
        return share, self._known[number][0] if number >= 0 else None
