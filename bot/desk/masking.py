"""Hides what identifies a person or a company in a text: nothing but the inbox may hold it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.desk.identifiers import is_bank_card, is_credit_code, is_resident_number

# What people put between digits: at most two marks, visible or not.
_GAP = r"[ \t\-_·•\u200b-\u200d\u2060\ufeff\u00ad]"
_SEP = rf"{_GAP}{{0,2}}"
_MARKS = re.compile(rf"{_GAP}|[()+.]")
_DASHES = frozenset("‐‑‒–—―−－﹣~～")
_DIGITS_IN_WORDS = dict(zip("零〇一二三四五六七八九幺", "001234567891", strict=True))
_IN_WORDS = re.compile(r"[零〇一二三四五六七八九幺]{5}")
_WORTH_A_LOOK = re.compile(r"[@＠\d]")

# A unit behind a number tells that it counts something. A label that already stands there is no context.
_UNIT = re.compile(r" ?(?:多|余)?(?:元|万元|亿元|亿|万吨|吨|千瓦|度电|平方|立方|%)")
_CALL = re.compile(r"(?:电话|座机|号码|联系|致电|拨打|打给|传真|[Tt][Ee][Ll])[^\d\n\]]{0,6}$")
_ACCOUNT = re.compile(r"(?:账号|帐号|卡号|账户|帐户|银行)[^\d\n\]]{0,8}$")
_CREDIT = re.compile(r"(?:信用代码|机构代码|税号|识别号)[^\dA-Za-z\n\]]{0,8}$")
_NEAR = 24

Condition = Callable[[str, str, str], bool]


@dataclass(frozen=True)
class Rule:
    """One kind of identifier: its label, its look, and what must hold of it and of what stands around it.

    ``holds`` gets the identifier without marks, the characters before it and those behind it.
    """

    label: str
    pattern: re.Pattern[str]
    holds: Condition


def mask(text: str, published: Collection[str] = ()) -> str:
    """Give the text with every identifier replaced by a word for its kind.

    Resident identity numbers, mobile and landline numbers, bank cards and accounts, unified social credit
    codes, e-mail addresses and licence plates are found in full-width digits and in digits written as
    words too, and with spaces or dashes between. ``published`` are numbers and addresses that everybody
    may know, such as the bureau's own telephone; they stay.
    """
    readings = [reading for worth, reading in _READINGS if worth.search(text)]
    if not readings:
        return text
    known = _known(published)
    for reading in readings:
        text = _mask_in(reading, text, known)
    return text


def _mask_in(reading: Callable[[str], str], text: str, known: Collection[str]) -> str:
    plain = reading(text)
    for rule in RULES:
        spans = list(_spans(rule, plain, known))
        for start, end in reversed(spans):
            text = text[:start] + rule.label + text[end:]
        if spans:
            plain = reading(text)
    return text


def _spans(rule: Rule, plain: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    at = 0
    while match := rule.pattern.search(plain, at):
        start, end = match.span()
        bare = _bare(match.group())
        before, after = plain[max(0, start - _NEAR) : start], plain[end : end + _NEAR]
        if bare not in known and rule.holds(bare, before, after):
            yield start, end
            at = end
        else:
            # The same digits may hold another number further on.
            at = start + 1


def _known(published: Collection[str]) -> frozenset[str]:
    whole = {_bare(_plain(number)) for number in published}
    without_area_code = {number[cut:] for number in whole if number.startswith("0") for cut in (3, 4)}
    return frozenset(whole | without_area_code)


def _bare(found: str) -> str:
    return found.lower() if "@" in found else _MARKS.sub("", found).upper()


def _plain(text: str) -> str:
    """Give the text in ASCII digits, letters and dashes, character for character, so that places stay."""
    return text if text.isascii() else "".join(map(_plain_char, text))


def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    if char in _DASHES:
        return "-"
    if char.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def _words_as_digits(text: str) -> str:
    return _plain("".join(_DIGITS_IN_WORDS.get(char, char) for char in text))


_READINGS = ((_WORTH_A_LOOK, _plain), (_IN_WORDS, _words_as_digits))


def _digits(first: str, more: int) -> str:
    """Give the pattern of a digit and ``more`` behind it, with marks between."""
    return rf"{first}(?:{_SEP}\d){{{more}}}"


def _always(found: str, before: str, after: str) -> bool:
    return True


def _no_amount(found: str, before: str, after: str) -> bool:
    return not _UNIT.match(after) and not before.rstrip().endswith(("¥", "$"))


def _rule(label: str, pattern: str, holds: Condition = _always) -> Rule:
    return Rule(label, re.compile(pattern, re.ASCII), holds)


def _card(count: int) -> Rule:
    pattern = rf"(?<!\d){_digits('[3-69]', count - 1)}(?!\d)"
    return _rule("[银行账号]", pattern, lambda found, before, after: is_bank_card(found))


_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = r"[A-HJ-NP-Za-hj-np-z\d]"

RULES = (
    _rule("[邮箱]", r"(?<![\w.%+\-])[\w.%+\-]+ ?@ ?[A-Za-z\d\-]+(?:\.[A-Za-z\d\-]+)+"),
    # Before the others: the beginning of a longer number may look like a shorter kind.
    _card(19),
    _rule(
        "[身份证号]",
        rf"(?<!\d){_digits('[1-9]', 16)}{_SEP}[\dXx](?![\dA-Za-z])",
        lambda found, before, after: is_resident_number(found),
    ),
    _rule(
        "[信用代码]",
        rf"(?<![\dA-Za-z])[\dA-Za-z](?:{_SEP}[\dA-Za-z]){{17}}(?![\dA-Za-z])",
        lambda found, before, after: is_credit_code(found) or bool(_CREDIT.search(before)),
    ),
    *map(_card, (18, 17, 16)),
    _rule(
        "[银行账号]",
        rf"(?<!\d)\d(?:{_SEP}\d){{8,29}}(?!\d)",
        lambda found, before, after: bool(_ACCOUNT.search(before)),
    ),
    _rule(
        "[身份证号]",
        rf"(?<!\d){_digits('[1-9]', 14)}(?!\d)",
        lambda found, before, after: is_resident_number(found) and _no_amount(found, before, after),
    ),
    _rule(
        "[手机号]",
        rf"(?<!\d)(?:(?:\+|00)?86{_SEP})?1{_SEP}[3-9](?:{_SEP}\d){{9}}(?!\d)",
        _no_amount,
    ),
    _rule("[手机号]", r"(?<!\d)1[3-9]\d\.\d{4}\.\d{4}(?!\d)"),
    _rule(
        "[电话号码]",
        rf"(?<!\d)\(?0[1-9]\d{{1,2}}\)?{_SEP}[2-8]\d{{2,3}}{_SEP}\d{{4}}(?!\d)",
        _no_amount,
    ),
    _rule("[电话号码]", rf"(?<!\d)0{_GAP}[1-9](?:{_GAP}\d){{8,10}}(?!\d)", _no_amount),
    _rule(
        "[电话号码]",
        rf"(?<![\d\-])[2-8]\d{{2,3}}{_SEP}\d{{4}}(?!\d)",
        lambda found, before, after: bool(_CALL.search(before)) and _no_amount(found, before, after),
    ),
    _rule(
        "[车牌号]",
        rf"[{_PLACES}]{_SEP}[A-Za-z](?:{_SEP}{_PLATE}){{4,5}}{_SEP}(?:{_PLATE}|[挂学警港澳])(?![A-Za-z\d])",
        lambda found, before, after: any(char.isdigit() for char in found),
    ),
)

LABELS = tuple(dict.fromkeys(rule.label for rule in RULES))
"""What stands in place of what was hidden."""
