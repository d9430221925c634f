"""Clusters of unanswered questions: alike ones together, each in exactly one, the most frequent first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.reports.clusters import clusters

ASKED = [
    (1, "食堂几点开门"),
    (2, "食堂几点开门啊"),
    (3, "你们的食堂几点开门"),
    (4, "停车场收费吗"),
    (5, None),
    (6, "停車場收費嗎"),
]


def test_questions_that_are_alike_are_together() -> None:
    found = clusters(ASKED)
    assert [(c.example, c.enquiries) for c in found] == [
        ("食堂几点开门", [1, 2, 3]),
        ("停车场收费吗", [4, 6]),
        (None, [5]),
    ]


@given(st.lists(st.one_of(st.none(), st.text("食堂几点开门收费吗", max_size=8)), max_size=40))
def test_every_question_is_in_exactly_one(texts: list[str | None]) -> None:
    questions = list(enumerate(texts))
    found = clusters(questions)
    assert sorted(n for c in found for n in c.enquiries) == [n for n, _ in questions]
    sizes = [len(c.enquiries) for c in found]
    assert sizes == sorted(sizes, reverse=True)
