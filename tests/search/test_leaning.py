"""What speaks for a question being about what was talked about."""

from dataclasses import replace

from bot.search.leaning import FIGURES, Lean
from bot.storage.lexicon_files import load_lexicon
from tests.conversing import DATA

FOLLOWING = Lean(
    here=0.1,
    here_named=False,
    other=0.3,
    other_named=False,
    other_sure=0.2,
    subject="",
    text="要多久",
    follow_up=False,
    aspect=0.9,
    asking=0.9,
    told=0.0,
    next=0.0,
    asks=True,
)


def test_a_question_without_a_subject_leans_and_one_that_names_another_matter_does_not() -> None:
    figures = load_lexicon(DATA).figures["leaning"]
    named = replace(
        FOLLOWING,
        here=1e-5,
        other=0.99,
        other_named=True,
        other_sure=0.99,
        subject="首台套评定",
        text="首台套评定要多久",
    )
    assert FOLLOWING.likelihood(figures) > 0.8
    assert named.likelihood(figures) < 0.2


def test_each_figure_weighs_one_value() -> None:
    assert len(FOLLOWING.row()) == len(FIGURES)
    nothing = dict.fromkeys(FIGURES, 0.0)
    assert FOLLOWING.likelihood(nothing) == 0.5
    assert FOLLOWING.likelihood({**nothing, "bare": 5.0}) > 0.99
