"""Measures, on the tuning half of the questions, how the signs of understanding are weighed.

``python -m tests.evaluation.calibrate`` trains from the present files, writes ``data/nlu/calibration.yml``.
Ranking comes first, for trust leans on it; then what is judged clause by clause and turn by turn.
"""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("BOT_ALLOW_SAMPLES", "1")

import numpy as np
import yaml
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.desk.entries import Facet, Kind
from bot.live import live_search
from bot.nlu.model import Model
from bot.search import aspects, evidence, leaning, questions
from bot.search.segments import Seen, Segments
from bot.settings import read_settings
from tests.evaluation.questions import Ask, Case, Half, dialogues, single_questions
from tests.evaluation.training import trained

OUT = Path("nlu/calibration.yml")
HEAD = """# How the signs of understanding are weighed, measured on the tuning half of the independent
# questions by `python -m tests.evaluation.calibrate`, which writes this file. Figures, not edited by hand.
"""
RIDGE = 0.05
Rows = list[tuple[tuple[float, ...], bool]]


def main() -> None:
    """Measure and write."""
    data = read_settings().data
    model = unpacked(trained(data))
    figures: dict[str, Any] = yaml.safe_load((data / OUT).read_text("utf-8"))
    for name in ("ranking", "trust", "aspects", "leaning", "two_questions"):
        figures[name] = MEASURES[name](Desk(model, figures))
        print(name, figures[name])
    lines = [f"{name}: {_flow(values)}\n" for name, values in figures.items()]
    (data / OUT).write_text(HEAD + "".join(lines), encoding="utf-8")


def unpacked(archive: Path) -> Model:
    """Read the recogniser's part of a packed model."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as packed:
            packed.extractall(folder)
        (part,) = {path.parent for path in Path(folder).rglob("wants.npz")}
        return Model.load(part)


class Desk:
    """The understanding with figures that are still being measured."""

    def __init__(self, model: Model, figures: Mapping[str, Mapping[str, float]]) -> None:
        self.search = live_search()
        snapshot = self.search.snapshot
        object.__setattr__(self.search.phrases.lexicon, "figures", figures)
        self.catalogue = snapshot.catalogue
        self.segments = Segments(snapshot.catalogue, snapshot.index, self.search.phrases, model)
        self.codes = {entry.id: entry.code for entry in self.catalogue}
        self.ids = {entry.code: entry.id for entry in self.catalogue}

    def look(self, text: str, about: Sequence[str] = ()) -> Seen:
        """Give all that is said of a text."""
        return self.segments.look(self.segments.plain(text), about)

    def meant(self, ask: Ask, entry: str) -> bool:
        """Whether a label allows an entry."""
        return self.codes[entry] in ask.label.acceptable


def tuning(cases: Sequence[Case]) -> list[Case]:
    """Keep the half that may be looked at."""
    return [case for case in cases if case.half is Half.TUNING]


def singles() -> Iterator[Ask]:
    """Give the single questions about one matter."""
    for case in tuning(single_questions()):
        if case.slice != "two_questions":
            yield from case.turns


def measure_ranking(desk: Desk) -> dict[str, float]:
    """Fit a choice among the candidates of each question."""
    sets = []
    for ask in singles():
        seen = desk.look(ask.text)
        learned = seen.learned or {}
        rows = np.array([evidence.ranking_row(m, learned.get(m.entry, 0.0)) for m, _ in seen.ranked])
        right = np.array([desk.meant(ask, m.entry) for m, _ in seen.ranked])
        if right.any():
            sets.append((rows, right))

    def loss(weights: np.ndarray[Any, Any]) -> float:
        total = 0.0
        for rows, right in sets:
            sums = rows @ weights
            powers = np.exp(sums - sums.max())
            total -= np.log(powers[right].sum() / powers.sum())
        return float(total + RIDGE * (weights**2).sum())

    found = minimize(loss, np.ones(len(evidence.RANKING)))
    return _named(evidence.RANKING, found.x)


def measure_trust(desk: Desk) -> dict[str, float]:
    """Fit whether the first candidate is meant; questions that mean no entry are among them."""
    rows: Rows = []
    for ask in singles():
        seen = desk.look(ask.text)
        if seen.ranked:
            first = seen.ranked[0][0].entry
            rows.append(
                (evidence.trust_row(seen.ranked, seen.learned or {}, seen.signs), desk.meant(ask, first))
            )
    return _fitted(evidence.TRUST, rows)


def measure_aspects(desk: Desk) -> dict[str, float]:
    """Fit which aspects of a service item are asked for."""
    rows: Rows = []
    for ask in (*singles(), *(ask for case in tuning(dialogues()) for ask in case.turns)):
        entries = [desk.catalogue.get(desk.ids.get(code)) for code in sorted(ask.label.acceptable)]
        if len(entries) != 1 or entries[0] is None or entries[0].kind is not Kind.SERVICE:
            continue
        if ask.place > 1 and not ask.label.facets:
            continue  # an aspect asked of another item before may be meant
        seen = desk.look(ask.text)
        told = desk.segments.facts.pointed_at(entries[0].id, seen.text)
        near = desk.segments.asked.near(entries[0].id, seen.text)
        rows += [
            (aspects.aspect_row(facet, seen.facets, told, near), facet.value in ask.label.facets)
            for facet in Facet
            if facet in seen.facets
        ]
    return _fitted(aspects.FIGURES, rows)


def measure_two_questions(desk: Desk) -> dict[str, float]:
    """Fit whether the two surest clauses of a message ask about two matters."""
    rows: Rows = []
    for case in tuning(single_questions()):
        ask = case.turns[0]
        clean = desk.segments.plain(ask.text)
        parts = desk.search.phrases.clauses(clean)
        if not 2 <= len(parts) <= questions.MOST_CLAUSES:
            continue
        pair = questions.surest([desk.segments.clause(part) for part in parts])
        if pair:
            both = {desk.codes[str(clause.entry)] for clause in pair}
            meant = any(both <= alternative for alternative in ask.label.entries)
            leans = desk.segments.leans_on(pair[1].text, str(pair[0].entry))
            rows.append((questions.two_row(*pair, leans, desk.segments.look(clean).learned or {}), meant))
    return _fitted(questions.TWO, rows, strength=0.3)


def measure_leaning(desk: Desk) -> dict[str, float]:
    """Fit whether a later turn is about what was talked about; the labels say what that was."""
    rows: Rows = []
    for case in tuning(dialogues()):
        about: list[str] = []
        for ask in case.turns:
            meant = [[desk.ids[c] for c in sorted(a) if c in desk.ids] for a in ask.label.entries]
            idle = not any(meant) and not ask.label.outcomes & {"answered", "clarifying", "handed_off"}
            if about and (idle or (any(meant) and ask.label.outcomes & {"answered", "redirected"})):
                lean = desk.segments.lean(desk.look(ask.text, about), about[0])
                rows.append((lean.row(), any(about[0] in entries for entries in meant)))
            now = next((entries[0] for entries in meant if entries), None)
            if now and not (about and any(about[0] in entries for entries in meant)):
                about = [now, *(entry for entry in about if entry != now)]
    return _fitted(leaning.FIGURES, rows)


def _fitted(names: Sequence[str], rows: Rows, strength: float = 1.0) -> dict[str, float]:
    """Fit a yes or no; the first column is the constant one, whose figure is the bias."""
    values = np.array([row[1:] for row, _ in rows])
    model = LogisticRegression(C=strength, max_iter=3000).fit(values, [right for _, right in rows])
    return _named(names, [float(model.intercept_[0]), *map(float, model.coef_[0])])


def _named(names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    return {name: round(float(value), 2) for name, value in zip(names, values, strict=True)}


def _flow(values: Mapping[str, float]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}"


MEASURES = {
    "ranking": measure_ranking,
    "trust": measure_trust,
    "aspects": measure_aspects,
    "two_questions": measure_two_questions,
    "leaning": measure_leaning,
}

if __name__ == "__main__":
    main()
