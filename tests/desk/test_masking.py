"""Tests of bot.desk.masking: every kind of identifier, however it is spaced, and nothing that is not one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.identifiers import (
    credit_check,
    is_bank_card,
    is_credit_code,
    is_resident_number,
    luhn,
    resident_check,
)
from bot.desk.masking import mask

PUBLISHED = ("0558-2264104", "12345", "gxj@fy.gov.cn")

digit = st.sampled_from("0123456789")


def some(count: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=count, max_size=count)


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    day = draw(st.dates(min_value=date(1900, 1, 1)))
    body = "341202" + f"{day.year % 200 + 1900:04d}{day.month:02d}{min(day.day, 28):02d}" + draw(some(3))
    return body + resident_check(body)


@st.composite
def cards(draw: st.DrawFn) -> str:
    body = "62" + draw(some(draw(st.integers(13, 16))))
    return next(body + d for d in "0123456789" if luhn(body + d))


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    body = "91341200" + draw(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9))
    return body + credit_check(body)


mobiles = st.tuples(st.sampled_from("3456789"), some(9)).map(lambda t: f"1{t[0]}{t[1]}")
landlines = st.tuples(
    st.sampled_from(["010", "021", "0558", "0551"]), st.sampled_from("2345678"), some(6)
).map(lambda t: "".join(t))
gaps = st.sampled_from(["", "", "", " ", "-", " - "[:2], "—", "\u3000", "\u200b"])
words = st.text(alphabet="我的是请问怎么办理专精特新,。?!:\n", max_size=12)


@st.composite
def spread(draw: st.DrawFn, kinds: st.SearchStrategy[str]) -> tuple[str, str]:
    """Give an identifier and the same with marks between, in ASCII or full-width characters."""
    bare = draw(kinds)
    wide = draw(st.booleans())
    shown = "".join(chr(ord(c) + 0xFEE0) if wide else c for c in bare)
    return bare, "".join(c + draw(gaps) for c in shown[:-1]) + shown[-1]


def digits_of(text: str) -> str:
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF10 <= ord(c) <= 0xFF5A else c for c in text)
    return "".join(re.findall(r"[0-9A-Za-z]", folded))


@given(spread(st.one_of(resident_numbers(), cards(), credit_codes(), mobiles)), words, words)
def test_identifiers_are_hidden_however_they_are_spaced(
    pair: tuple[str, str], before: str, after: str
) -> None:
    _, shown = pair
    masked = mask(before + shown + after)
    assert digits_of(masked) == ""
    assert masked.startswith(before)
    assert masked.endswith(after)


@given(landlines, st.sampled_from(["", "-", " ", "—"]), words, words)
def test_landline_numbers_are_hidden(number: str, gap: str, before: str, after: str) -> None:
    cut = 4 if number.startswith("05") else 3
    assert digits_of(mask(before + number[:cut] + gap + number[cut:] + after)) == ""
    assert digits_of(mask(f"{before}({number[:cut]}){number[cut:]}{after}")) == ""


@given(st.text(max_size=80), st.one_of(resident_numbers(), cards(), mobiles), st.text(max_size=80))
def test_masking_twice_changes_nothing(before: str, identifier: str, after: str) -> None:
    once = mask(f"{before} {identifier} {after}")
    assert mask(once) == once


@given(st.lists(st.one_of(resident_numbers(), cards(), mobiles, credit_codes()), min_size=2, max_size=4))
def test_several_in_one_text_are_all_hidden(identifiers: list[str]) -> None:
    assert digits_of(mask("、".join(identifiers))) == ""


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的手机是13800138000,请回电", "我的手机是[手机号],请回电"),
        ("+86 138-0013-8000", "[手机号]"),
        ("138.0013.8000", "[手机号]"),
        ("幺三八零零一三八零零零", "[手机号]"),
        ("身份证34120219900101123x", "身份证[身份证号]"),
        ("老证341202900101123", "老证[身份证号]"),
        ("6222 0210 0111 6245 702 100元", "[银行账号] 100元"),
        ("对公账户:1311 0155 0920 0012 345", "对公账户:[银行账号]"),
        ("2023-05-12 13800138000", "2023-05-12 [手机号]"),
        ("邮箱 zhang.san＠example．com 收", "邮箱 [邮箱] 收"),
        ("车牌皖K·12345", "车牌[车牌号]"),
        ("皖KD12345的新能源车", "[车牌号]的新能源车"),
        ("座机2265678", "座机[电话号码]"),
        ("电话:0558－2265678", "电话:[电话号码]"),
        ("统一社会信用代码 91341200MA2XXXXX0X", "统一社会信用代码 [信用代码]"),
    ],
)
def test_examples(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "打12345还是12315、12381?",
        "皖经信技改函〔2014〕12号",
        "国务院令第673号第13条",
        "索引号 003158495/201905-00164",
        "奖补13800138000元",
        "投资 1500000万元,用电 15800000000 千瓦时",
        "2023年5月12日到2024-11-24",
        "项目代码2020-341200-35-03-012345",
        "400-123-4567",
        "0558-2264104",
        "电话 2264104",
        "(0558)2264104",
        "gxj@fy.gov.cn",
        "川渝合作B2B平台",
        "新A级企业",
        "第一二三四五六条",
        "年产2265678件",
    ],
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert mask(text, PUBLISHED) == text


def test_a_mistyped_resident_number_is_hidden_too() -> None:
    body = "34120219900101123"
    wrong = next(d for d in "0123456789" if d != resident_check(body))
    assert mask(body + wrong) == "[身份证号]"


def test_known_check_digits() -> None:
    # Examples of GB 11643 and GB 32100, and the card number that every payment handbook uses.
    assert resident_check("11010519491231002") == "X"
    assert is_resident_number("44052418800101001X")
    assert is_credit_code("91350100M000100Y43")
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
    assert not is_credit_code("91350100M000100Y44")
    assert not is_resident_number("991202199001011234")


HARD = {"digits": "1" * 4000, "spaced": "1 " * 2000, "mail": "a" * 3998 + "@", "dashed": "9-" * 2000}
HARD |= {"plates": "皖A" * 2000, "cards": "银行1" * 1300}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("hard", HARD.values(), ids=HARD.keys())
def test_the_longest_message_does_not_run_away(hard: str) -> None:
    assert mask(mask(hard)) == mask(hard)
