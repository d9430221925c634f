"""Documents are found by their numbers, however short they are quoted."""

import pytest

from bot.search.numbers import document_number, short_numbers


@pytest.mark.parametrize(
    "text", ["皖政秘〔2023〕243号", "皖政秘[2023]243号", "皖政秘(2023)第243号", "皖政秘2023年243号"]
)
def test_a_whole_number_is_one_in_any_brackets(text: str) -> None:
    assert document_number(text) == "皖政秘|2023|243"
    assert short_numbers("皖政秘〔2023〕243号") == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("要那个140号", (140,)),
        ("135号文跟79号令各管啥", (135, 79)),
        ("6月15号截止吗", ()),
        ("15号楼怎么走,3号窗口在哪", ()),
        ("第12号公告", (12,)),
        ("没有号码", ()),
    ],
)
def test_a_short_number_is_no_day_and_no_door(text: str, numbers: tuple[int, ...]) -> None:
    assert short_numbers(text) == numbers
