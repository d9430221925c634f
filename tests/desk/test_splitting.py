"""Long answers are cut at ends of lines and sentences, and nothing of them is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.splitting import split


def test_short_text_stays_whole() -> None:
    assert split("两行\n短文") == ["两行\n短文"]


def test_cut_at_line_ends_before_sentence_ends() -> None:
    lines = ["一" * 300, "二" * 300, "三" * 300]
    assert split("\n".join(lines), 2048) == ["\n".join(lines[:2]), lines[2]]


def test_long_line_is_cut_behind_a_sentence() -> None:
    text = "甲" * 200 + "。" + "乙" * 200 + "。" + "丙" * 300 + "。"
    parts = split(text, 1300)
    assert all(part.endswith("。") for part in parts)
    assert "".join(parts) == text


@given(st.text(alphabet="甲乙丙。?!\n a1\U0001f468\u200d\U0001f469\ufe0f\U0001f1e8\U0001f1f3", max_size=900))
def test_parts_fit_and_hold_everything(text: str) -> None:
    parts = split(text, 64)
    assert all(len(part.encode()) <= 64 for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "") or not text.strip()


def test_a_flag_and_a_family_stay_together() -> None:
    flags = "\U0001f1e8\U0001f1f3" * 30
    assert all(len(part) % 2 == 0 for part in split(flags, 60))
