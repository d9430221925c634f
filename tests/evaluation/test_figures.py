"""The figures follow from the verdicts."""

from __future__ import annotations

from math import isnan

import pytest

from tests.evaluation import comparing
from tests.evaluation.figures import (
    Count,
    calibration,
    calibration_error,
    coverage,
    handing_over,
    scope_of,
    wilson,
)
from tests.evaluation.judging import Judged, Judgement, Told, Verdict
from tests.evaluation.questions import label_of


def turn(
    verdict: Verdict = Verdict.RIGHT,
    outcome: str = "answered",
    wanted: str = "answered",
    slice_: str = "oral",
    confidence: float = 0.9,
    **more,
) -> Judged:
    entries = [["s01"]] if wanted == "answered" else [[]]
    label = label_of({"entries": entries, "facets": [], "outcome": [wanted], "facts": []})
    stated = frozenset({"s01"} if outcome == "answered" else ())
    told = Told(outcome, stated, frozenset(), (), confidence, "")
    faults = () if verdict is Verdict.RIGHT else ("entry",)
    fields = {
        "case": "a-1",
        "half": "tuning",
        "dialogue": False,
        "place": 1,
        "id": "a-1",
        "text": "问",
        **more,
    }
    return Judged(slice=slice_, label=label, told=told, judgement=Judgement(verdict, faults), **fields)


def test_wilsons_interval():
    """Against values worked out by hand from the formula, and at the ends where the normal one fails."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_wrong_answer_costs_twice_what_a_right_one_brings():
    assert Count(right=6, silent=2, wrong=2).score == pytest.approx(0.2)
    assert isnan(Count(0, 0, 0).score)


def test_scope_counts_what_is_sent_away():
    foreign = {"wanted": "redirected", "slice_": "near_out_of_scope"}
    turns = [
        turn(outcome="redirected", **foreign),
        turn(Verdict.SILENT, "clarifying", **foreign),
        turn(),
        turn(Verdict.SILENT, "declined"),
        turn(Verdict.SILENT, "unanswered"),
    ]
    scope = scope_of(turns)
    assert (scope.recognised.hits, scope.recognised.of) == (1, 2)
    assert (scope.accepted.hits, scope.accepted.of) == (2, 3)


def test_handing_over_is_counted_both_ways():
    turns = [
        turn(outcome="handed_off", wanted="handed_off"),
        turn(Verdict.SILENT, "unanswered", wanted="handed_off"),
        turn(Verdict.SILENT, "handed_off"),
        turn(),
        turn(),
    ]
    found = handing_over(turns)
    assert (found.asked.hits, found.asked.of, found.unasked.hits, found.unasked.of) == (1, 2, 2, 3)


def test_calibration_compares_confidence_with_the_share_of_right_entries():
    turns = [turn(confidence=0.85), turn(Verdict.WRONG, confidence=0.85), turn(confidence=0.2)]
    bins = calibration(turns)
    assert [(b.low, b.right.hits, b.right.of) for b in bins] == [(0.0, 1, 1), (0.8, 1, 2)]
    assert calibration_error(bins) == pytest.approx((0.8 + 2 * 0.35) / 3)


def test_a_higher_threshold_tells_less():
    turns = [turn(confidence=0.9), turn(Verdict.WRONG, confidence=0.4), turn(Verdict.SILENT, "unanswered")]
    cuts = {round(c.threshold, 2): c for c in coverage(turns)}
    assert (cuts[0.0].coverage.hits, cuts[0.0].precise.hits) == (2, 1)
    assert (cuts[0.5].coverage.hits, cuts[0.5].precise.hits) == (1, 1)


def test_what_got_worse_is_named_for_the_tuning_half_only(tmp_path):
    before = [turn(id="a-1"), turn(id="a-2", half="report"), turn(Verdict.WRONG, id="a-3")]
    after = [turn(Verdict.WRONG, id="a-1"), turn(Verdict.WRONG, id="a-2", half="report"), turn(id="a-3")]
    comparing.keep(tmp_path, comparing.summary(before, "yesterday", "quick"))
    kept = comparing.last(tmp_path)
    assert kept is not None
    change = comparing.compare(kept, comparing.summary(after, "today", "quick"))
    assert (change.worse, change.better) == (("a-1",), ("a-3",))
    assert change.slices == ("report, oral: 100.0% right, 0 wrong of 1 -> 0.0% right, 1 wrong of 1",)


def test_a_report_that_cannot_be_read_is_none(tmp_path):
    assert comparing.last(tmp_path) is None
    (tmp_path / comparing.LAST).write_text("{", "utf-8")
    assert comparing.last(tmp_path) is None
