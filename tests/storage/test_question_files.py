"""Questions files are read line by line, and written so that reading gives them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.entries import Facet, Question
from bot.storage.question_files import questions_text, read_questions
from tests.storage.made_entries import QUESTIONS


def test_questions_facets_and_comments_are_read():
    found = read_questions("# 收费\n要多少钱 | fee, time_limit\n\n  在哪办 \n".encode())
    assert found.questions == [Question("要多少钱", (Facet.FEE, Facet.TIME_LIMIT)), Question("在哪办")]
    assert found.lines == [2, 4]
    assert found.issues == []


def test_a_follow_up_is_marked():
    found = read_questions("…谁给评 | steps\n…… 要多久\n\\…省略\n".encode())
    assert found.questions == [
        Question("谁给评", (Facet.STEPS,), True),
        Question("要多久", (), True),
        Question("…省略"),
    ]


def test_windows_line_ends_are_read():
    assert read_questions("甲 | fee\r\n乙\r\n".encode()).questions == [
        Question("甲", (Facet.FEE,)),
        Question("乙"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("要多少钱 | 收费", "不认识的方面「收费」"),
        ("要多少钱 | fee,price", "不认识的方面「price」"),
        ("| fee", "没有问句"),
        ("… | fee", "没有问句"),
        ("问" * 301, "太长"),
        ("制表\t符", "制表符"),
    ],
)
def test_a_bad_line_is_told_with_its_number(line, said):
    found = read_questions(f"# 注\n好的问句\n{line}\n另一句\n".encode())
    assert [(issue.where, said in issue.message) for issue in found.issues] == [((3,), True)]
    assert found.questions == [Question("好的问句"), Question("另一句")]


def test_a_file_of_another_encoding_is_told():
    assert "GBK" in read_questions("怎么办\n".encode("gbk")).issues[0].message


@given(QUESTIONS)
def test_what_is_written_is_read_back(questions):
    assert tuple(read_questions(questions_text(questions).encode()).questions) == questions


@given(QUESTIONS, st.lists(st.sampled_from(["# 一", "# 二", "", "甲", "乙 | fee"]), max_size=8))
def test_what_is_written_over_another_file_is_read_back(questions, before):
    text = questions_text(questions, "\n".join(before))
    assert tuple(read_questions(text.encode()).questions) == questions


def test_comments_stay_where_they_were():
    before = "# 收费\n甲 | fee\n\n# 条件\n乙\n丙\n# 尾\n"
    kept = read_questions(before.encode()).questions
    assert questions_text(kept, before) == before
    assert questions_text([kept[0], kept[2], Question("丁")], before) == (
        "# 收费\n甲 | fee\n\n# 条件\n丙\n丁\n# 尾\n"
    )
