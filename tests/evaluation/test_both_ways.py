"""The quick way gives the verdicts that the whole desk gives."""

from __future__ import annotations

import pytest

from tests.evaluation.asking import evaluate
from tests.evaluation.desks import QuickDesk, http_desk
from tests.evaluation.questions import dialogues, single_questions

SAMPLE = single_questions()[::17] + dialogues()[::10]


@pytest.mark.slow
def test_both_ways_agree(trained_model):
    """Some of every slice, and some dialogues: the same verdicts, entries, outcomes and replies."""
    quick = evaluate(QuickDesk.load(trained_model), SAMPLE)
    with http_desk(trained_model) as desk:
        whole = evaluate(desk, SAMPLE)
    assert len({t.slice for t in whole}) > 20
    assert [(t.id, t.verdict, t.told.outcome, t.told.stated, t.told.facets) for t in whole] == [
        (t.id, t.verdict, t.told.outcome, t.told.stated, t.told.facets) for t in quick
    ]
    same = [
        w.told.text == q.told.text
        for w, q in zip(whole, quick, strict=True)
        if not w.told.text.count("回执号")
    ]
    assert all(same)
    assert all(t.told.cpu for t in whole)
