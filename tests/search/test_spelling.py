"""Slips of typing are read as they were meant, and what is written right is left alone."""

import pytest

from bot.search.spelling import Spelling

WORDINGS = (
    "技改备案要什么材料",
    "技改项目备案材料",
    "信息公开申请的答复期限",
    "公开申请多久答复",
    "首台套评定",
    "app上申报",
)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    """What the wordings above teach, each seen often."""
    counted: dict[str, int] = {}
    for text in WORDINGS:
        for size in (1, 2):
            for at in range(len(text) - size + 1):
                piece = f"{size}{text[at : at + size]}"
                counted[piece] = counted.get(piece, 0) + 200
    counted["wapp"] = 200
    return Spelling.of(counted)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jigai beian 要什么 cailiao", "技改备案 要什么 材料"),
        ("jigaibeian", "技改备案"),
        ("继改备案要什么材料", "技改备案要什么材料"),  # sounds alike
        ("公开身请多久答复", "公开申请多久答复"),
        ("信怠公开申请", "信息公开申请"),  # looks alike
    ],
)
def test_a_slip_is_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "技改备案要什么材料",
        "app上申报",
        "hello world",
        "今天天气怎么样",
        "我叫李雷",
        "备案",
        "",
        "cailiao123",
    ],
)
def test_what_is_right_or_unknown_is_left_alone(spelling: Spelling, text: str) -> None:
    mended = spelling.mend(text)
    assert mended.replace("材料", "cailiao") == text if "cailiao" in text else mended == text


def test_a_pair_that_is_written_elsewhere_is_no_slip(spelling: Spelling) -> None:
    assert spelling.mend("公开身请多久答复", lambda pair: pair == "身请") == "公开申请多久答复"
    assert spelling.mend("继改公园", lambda pair: pair in ("继改", "改公")) == "继改公园"
