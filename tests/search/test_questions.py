"""Two matters in one message are told from one matter with its circumstances."""

import re

from bot.search.questions import Clause, both_meant, clauses, surest
from bot.storage.lexicon_files import load_lexicon
from tests.conversing import DATA

FIGURES = load_lexicon(DATA).figures["two_questions"]
JOINERS = re.compile("另外|还有")


def clause(text: str, entry: str | None, sure: float) -> Clause:
    return Clause(text, entry, sure, asks=True, named=False)


def test_a_text_is_cut_at_marks_and_joining_words() -> None:
    assert clauses("首台套收费吗?另外备案多久,急", JOINERS, lists=False) == ["首台套收费吗", "备案多久"]
    assert clauses("百姓热线和政风热线各几回", JOINERS, lists=True) == ["百姓热线", "政风热线各几回"]
    assert clauses("百姓热线和政风热线", JOINERS, lists=False) == ["百姓热线和政风热线"]


def test_two_matters_leave_their_traces_in_the_whole() -> None:
    parts = [clause("首台套收费吗", "first-set", 0.99), clause("备案多久", "filing", 0.99)]
    pair = surest(parts)
    assert pair is not None
    assert [part.entry for part in pair] == ["first-set", "filing"]
    assert both_meant(pair, 0.05, {"first-set": 0.5, "filing": 0.4, "other": 0.001}, FIGURES) > 0.6


def test_a_clause_that_tells_the_circumstances_is_no_second_matter() -> None:
    parts = [clause("我写论文要用", "form", 0.5), clause("首台套哪年开始的", "first-set", 0.99)]
    pair = surest(parts)
    assert pair is not None
    assert both_meant(pair, 0.05, {"first-set": 0.98, "form": 0.0001, "other": 0.001}, FIGURES) < 0.3


def test_a_question_that_the_first_matter_answers_is_no_second_one() -> None:
    pair = (clause("首台套收费吗", "first-set", 0.99), clause("在哪个网站填", "website", 0.8))
    whole = {"first-set": 0.9, "website": 0.05, "other": 0.001}
    assert both_meant(pair, 0.99, whole, FIGURES) <= both_meant(pair, 0.01, whole, FIGURES)


def test_one_matter_twice_is_one() -> None:
    parts = [clause("首台套收费吗", "first-set", 0.9), clause("首台套多久", "first-set", 0.9)]
    assert surest(parts) is None
    assert surest([clause("嗯", None, 0.0)]) is None
