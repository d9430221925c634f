"""The question set keeps to its rules: large, labelled, of many frames, and apart from the training data."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import pytest
import yaml

from bot.desk.entries import Facet, Kind
from bot.desk.messages import Outcome
from tests.evaluation.desks import DATA, catalogue_of
from tests.evaluation.nearness import BLANK, Known, Names, Nearest, grams, training_texts
from tests.evaluation.questions import (
    DIALOGUES,
    UTTERANCES,
    Ask,
    Half,
    dialogues,
    every_case,
    single_questions,
)

SLICES = {
    "formal",
    "oral",
    "very_short",
    "long_story",
    "typo",
    "homophone",
    "shape_alike",
    "traditional",
    "latin_mixed",
    "two_questions",
    "wrong_premise",
    "outdated_law",
    "personal_data",
    "person",
    "near_out_of_scope",
    "far_out_of_scope",
    "small_talk",
    "abuse",
    "nonsense",
    "injection",
}
DIALOGUE_SLICES = {"follow_up", "correction", "choosing", "switching", "mixed"}
FEWEST = 30
MOST_OF_A_FRAME = 3
NEAR = 0.7
"""Share of common runs of three characters from which two wordings are one."""
LONG_ENOUGH = 6
"""Different Chinese characters; there are only so many ways to say less."""
ITS_OWN = 4
"""Chinese characters besides the names; with less a text only names a thing, as it must."""
FIELDS = {"text", "entries", "facets", "outcome", "facts"}
OUTCOMES = {outcome.value for outcome in Outcome}
FACETS = {facet.value for facet in Facet}
FILES = sorted([*UTTERANCES.glob("*.yml"), *DIALOGUES.glob("*.yml")])


@lru_cache(maxsize=1)
def names() -> Names:
    return Names(catalogue_of())


def turns() -> list[Ask]:
    return [turn for case in every_case() for turn in case.turns]


def test_it_is_large_enough():
    assert len(single_questions()) >= 1200
    assert len(dialogues()) >= 150
    assert {len(case.turns) for case in dialogues()} <= set(range(2, 11))


def test_every_slice_is_there():
    single = Counter(case.slice for case in single_questions())
    assert set(single) == SLICES
    assert min(single.values()) >= FEWEST
    assert {case.slice for case in dialogues()} == DIALOGUE_SLICES


def test_the_half_that_is_only_reported_has_enough_of_every_slice():
    """Questions whose misses were read while rules were made came later, to the tuning half alone."""
    for name in SLICES | DIALOGUE_SLICES:
        halves = Counter(case.half for case in every_case() if case.slice == name)
        assert halves[Half.REPORT] >= 9, name
        assert halves[Half.TUNING] >= halves[Half.REPORT] - 2, name


def test_ids_stand_for_one_case_each():
    assert [i for i, n in Counter(case.id for case in every_case()).items() if n > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_label_can_be_judged(path):
    known = {entry.code: entry.kind for entry in catalogue_of()}
    for row in yaml.safe_load(path.read_text("utf-8")):
        asked = row.get("turns", [row])
        assert set(row) == ({"id", "turns"} if "turns" in row else FIELDS | {"id", "slice"}), row["id"]
        for turn in asked:
            assert set(turn) - {"id", "slice"} == FIELDS, row["id"]
            assert turn["text"].strip() == turn["text"] != "", row["id"]
            assert turn["outcome"], row["id"]
            assert set(turn["outcome"]) <= OUTCOMES, row["id"]
            assert set(turn["facets"]) <= FACETS, row["id"]
            codes = {code for alternative in turn["entries"] for code in alternative}
            assert codes <= set(known), row["id"]
            assert turn["entries"], f"{row['id']}: no entry is [[]]"
            if turn["facets"]:
                assert any(known[code] is Kind.SERVICE for code in codes), row["id"]


def test_no_frame_is_used_often():
    """What is only a name, or has no word in it, has no frame."""
    frames = Counter(names().frame(case.turns[0].text) for case in single_questions())
    often = {f: n for f, n in frames.items() if n > MOST_OF_A_FRAME and f.strip(f"{BLANK}0")}
    assert often == {}


def test_it_is_apart_from_the_training_data():
    """A training question too near to one of these gives its answer away: it goes, or is worded otherwise."""
    nearest = Nearest(training_texts(catalogue_of(), DATA / "nlu"))
    found = []
    for turn in turns():
        if (
            len(set(re.findall(r"[\u3400-\u9fff]", turn.text))) < LONG_ENOUGH
            or names().beside(turn.text) < ITS_OWN
        ):
            continue
        share, known = nearest.to(turn.text)
        if share >= NEAR and known:
            found.append(f"{known.file}: «{known.text}» is too near to a question that measures ({turn.id})")
    assert found == []


def test_nearness_is_the_share_of_common_runs():
    nearest = Nearest([Known("技改备案要什么材料", "a"), Known("别的话", "b")])
    assert nearest.to("技改备案要什么材料?")[0] == 1.0
    assert nearest.to("技改備案要什麼材料")[0] == 1.0
    share, known = nearest.to("技改备案要啥材料")
    assert known
    assert known.file == "a"
    assert share == pytest.approx(3 / 10)
    assert nearest.to("毫不相干") == (0.0, None)
    assert grams("短") == {"短"}
