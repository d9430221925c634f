"""Three ways to find the entry that is meant, side by side: this desk, Rasa's default, plain retrieval.

All are given the same questions of the catalogue and the same talk, and are asked the single questions of
the set. Only the entry is judged: a pipeline of Rasa's names one, and knows nothing of aspects and turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.desk.catalogue import Catalogue
from bot.search.index import told
from tests.evaluation import diet
from tests.evaluation.desks import QuickDesk, catalogue_of
from tests.evaluation.figures import Count
from tests.evaluation.judging import Verdict
from tests.evaluation.questions import Case, Half, Label
from tests.evaluation.training import seconds_to_train

SLICES = ("formal", "oral", "very_short", "homophone", "traditional", "latin_mixed")
STEPS = 50


@dataclass(frozen=True)
class Guess:
    """The entries that a pipeline takes to be meant, and how sure it is; none: it holds nothing likely."""

    entries: frozenset[str]
    sure: float


@dataclass(frozen=True)
class Pipeline:
    """What one pipeline made of each question, and what it took.

    ``first`` is the entry it holds likeliest however unsure; ``train`` is in seconds of processor time,
    ``ms`` in milliseconds a question.
    """

    name: str
    guesses: list[Guess]
    first: list[str]
    train: float
    ms: float


@dataclass(frozen=True)
class Compared:
    """One pipeline's figures on one half; ``named`` is the share of our questions whose entry came first."""

    name: str
    half: Half
    named: float
    ours: Count
    others: Count
    score: float
    slices: dict[str, float]
    train: float
    ms: float


def compare(cases: Sequence[Case], pipelines: Sequence[Pipeline]) -> Iterator[Compared]:
    """Give the figures of each pipeline on each half of the cases; each case has one turn."""
    for pipeline in pipelines:
        for half in Half:
            at = [n for n, case in enumerate(cases) if case.half is half]
            yield _figures(half, [cases[n] for n in at], pipeline, at)


def _figures(half: Half, cases: Sequence[Case], pipeline: Pipeline, at: Sequence[int]) -> Compared:
    labels = [case.turns[0].label for case in cases]
    verdicts = [judge(label, pipeline.guesses[n]) for label, n in zip(labels, at, strict=True)]
    named = [pipeline.first[n] in label.acceptable for label, n in zip(labels, at, strict=True)]
    ours = [bool(label.acceptable) and frozenset() not in label.entries for label in labels]

    def share(name: str) -> float:
        here = [v for case, v, mine in zip(cases, verdicts, ours, strict=True) if mine and case.slice == name]
        return here.count(Verdict.RIGHT) / len(here) if here else float("nan")

    return Compared(
        name=pipeline.name,
        half=half,
        named=sum(n for n, mine in zip(named, ours, strict=True) if mine) / max(1, sum(ours)),
        ours=_count(v for v, mine in zip(verdicts, ours, strict=True) if mine),
        others=_count(v for v, mine in zip(verdicts, ours, strict=True) if not mine),
        score=_count(verdicts).score,
        slices={name: share(name) for name in SLICES},
        train=pipeline.train,
        ms=pipeline.ms,
    )


def _count(verdicts: Iterable[Verdict]) -> Count:
    found = list(verdicts)
    return Count(*(found.count(v) for v in (Verdict.RIGHT, Verdict.SILENT, Verdict.WRONG)))


def judge(label: Label, guess: Guess) -> Verdict:
    """Judge the entry alone: right, silent, or wrong."""
    if not guess.entries <= label.acceptable:
        return Verdict.WRONG
    return Verdict.RIGHT if any(guess.entries >= e for e in label.entries) else Verdict.SILENT


def every_pipeline(
    desk: QuickDesk, cases: Sequence[Case], data: Path, epochs: int, model: Path
) -> list[Pipeline]:
    """Have every pipeline look at every question."""
    catalogue = catalogue_of(data)
    return [
        ours(desk, cases, seconds_to_train(model)),
        rasas_default(catalogue, data / "nlu", cases, epochs),
        plain_retrieval(catalogue, cases),
    ]


def ours(desk: QuickDesk, cases: Sequence[Case], train: float) -> Pipeline:
    """Give what the desk states; what it only asks back is no guess."""
    guesses, first = [], []
    began = time.thread_time()
    for case in cases:
        came, why = desk.conversation().say(case.turns[0].text)
        guesses.append(Guess(came.stated, came.confidence))
        candidates = why["reading"]["segments"][0]["candidates"] if why else ()
        first.append(desk.codes[candidates[0]["entry"]] if candidates else "")
    return Pipeline("ours", guesses, first, train, (time.thread_time() - began) * 1000 / len(cases))


def rasas_default(catalogue: Catalogue, nlu: Path, cases: Sequence[Case], epochs: int) -> Pipeline:
    """Give what Rasa's default pipeline names, from the confidence on that does best on the tuning half."""
    folder = diet.folder_for(diet.examples(catalogue, nlu), epochs)
    found, took = diet.guesses(folder, [case.turns[0].text for case in cases])
    named = [("" if label.startswith(diet.NONE) else label, sure) for label, sure in found]
    name = f"Rasa's default with Jieba, DIET {epochs} epochs"
    return _with_best_threshold(name, named, cases, took["train_cpu"], took["ms"])


def plain_retrieval(catalogue: Catalogue, cases: Sequence[Case]) -> Pipeline:
    """Give the entry whose whole text shares the weightiest character bigrams with the question."""
    began = time.thread_time()
    entries = list(catalogue)
    texts = [" ".join((e.name, *e.aliases, *(q.text for q in e.questions), *told(e))) for e in entries]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True)
    matrix = vectors.fit_transform(texts)
    trained = time.thread_time()
    near = (vectors.transform([case.turns[0].text for case in cases]) @ matrix.T).toarray()
    best = near.argmax(axis=1)
    named = [(entries[n].code if near[row, n] else "", float(near[row, n])) for row, n in enumerate(best)]
    ms = (time.thread_time() - trained) * 1000 / len(cases)
    return _with_best_threshold("plain bigram retrieval", named, cases, trained - began, ms)


def _with_best_threshold(
    name: str, named: Sequence[tuple[str, float]], cases: Sequence[Case], train: float, ms: float
) -> Pipeline:
    """Keep silent below the confidence that scores best on the tuning half."""
    at = [n for n, case in enumerate(cases) if case.half is Half.TUNING]

    def guesses(least: float) -> list[Guess]:
        return [_guess(code, sure, least) for code, sure in named]

    def score(least: float) -> float:
        tried = guesses(least)
        return _count(judge(cases[n].turns[0].label, tried[n]) for n in at).score

    least = max((float(v) for v in np.linspace(0, 1, STEPS)), key=score)
    return Pipeline(name, guesses(least), [code for code, _ in named], train, ms)


def _guess(code: str, sure: float, least: float) -> Guess:
    return Guess(frozenset({code} if code and sure >= least else ()), sure)


def table(compared: Sequence[Compared], half: Half) -> Iterator[str]:
    """Give the comparison as a table of Markdown."""
    here = [c for c in compared if c.half is half]
    rows: list[tuple[str, Callable[[Compared], str]]] = [
        ("entry named first, of ours", lambda c: f"{c.named:.1%}"),
        ("ours: right", lambda c: f"{c.ours.right / c.ours.total:.1%}"),
        ("ours: wrong", lambda c: f"{c.ours.wrong / c.ours.total:.1%}"),
        ("others', talk, nonsense: no entry told", lambda c: f"{c.others.right / c.others.total:.1%}"),
        ("score (+1, 0, -2)", lambda c: f"{c.score:.3f}"),
        *((f"right, {name}", lambda c, name=name: f"{c.slices[name]:.0%}") for name in SLICES),
        ("training, processor seconds", lambda c: f"{c.train:.0f}"),
        ("a question, ms", lambda c: f"{c.ms:.1f}"),
    ]
    yield "| | " + " | ".join(c.name for c in here) + " |"
    yield "|---|" + "---|" * len(here)
    for title, cell in rows:
        yield f"| {title} | " + " | ".join(cell(c) for c in here) + " |"
