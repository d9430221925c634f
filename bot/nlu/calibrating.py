"""Measures, on questions held out, how far the evidence can be trusted, and gives the figures for it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sklearn.linear_model import LogisticRegression

from bot.desk.catalogue import Catalogue
from bot.desk.entries import Entry, Question
from bot.nlu.fitting import fit_exclusive
from bot.search.evidence import LEARNED, Calibration
from bot.search.index import Index, told
from bot.search.phrases import Phrases
from bot.search.reader import asking_share, evidence, likeliest

FOLDS = 2


@dataclass(frozen=True)
class Example:
    """One clean text, what is wanted by it, and the entry it means, if any."""

    text: str
    want: str
    entry: str | None


def told_texts(catalogue: Catalogue, phrases: Phrases) -> list[Example]:
    """Give what the entries tell: their own sentences too show which words are theirs."""
    return [Example(phrases.clean(text), "", entry.id) for entry in catalogue for text in told(entry)]


def calibrate(catalogue: Catalogue, examples: Sequence[Example], phrases: Phrases) -> Calibration:
    """Give the calibration: each fold's evidence comes from what was fitted without it."""
    rows: list[list[float]] = []
    ours: list[bool] = []
    for fold in range(FOLDS):
        for signs, is_ours in _fold(catalogue, examples, phrases, fold):
            rows.append(signs)
            ours.append(is_ours)
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(rows, ours)
    score, named, known, asking = map(float, model.coef_[0])
    return replace(
        LEARNED, bias=float(model.intercept_[0]), score=score, named=named, known=known, asking=asking
    )


def _fold(
    catalogue: Catalogue, examples: Sequence[Example], phrases: Phrases, fold: int
) -> Iterator[tuple[list[float], bool]]:
    kept = [e for e in examples if _fold_of(e.text) != fold]
    index = Index.build(_without(catalogue, phrases, fold))
    wants = fit_exclusive([e.text for e in kept], [e.want for e in kept], balanced=True)
    entered = [e for e in kept if e.entry] + told_texts(catalogue, phrases)
    entries = fit_exclusive([e.text for e in entered], [str(e.entry) for e in entered])
    for example in examples:
        if _fold_of(example.text) != fold:
            continue
        learned = entries.likelihoods(example.text)
        matches = index.look_up(example.text, also=likeliest(learned))
        if matches:
            asking = asking_share(wants.likelihoods(example.text))
            found = evidence(matches, index.known_share(example.text), asking)
            yield [found.score, found.named, found.known, found.asking], example.entry is not None


def _fold_of(text: str) -> int:
    return zlib.crc32(text.encode()) % FOLDS


def _without(catalogue: Catalogue, phrases: Phrases, fold: int) -> Catalogue:
    """Give the catalogue without the fold's questions; names and aliases stay, as they do in life."""

    def kept(question: Question) -> bool:
        return _fold_of(phrases.clean(question.text)) != fold

    def thinned(entry: Entry) -> Entry:
        return replace(entry, questions=tuple(filter(kept, entry.questions)))

    return replace(catalogue, entries={e.id: thinned(e) for e in catalogue})
