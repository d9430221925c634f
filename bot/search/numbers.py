"""Document numbers (文号) and index numbers (索引号), written in any bracket style."""

from __future__ import annotations

import re

from bot.search.normalise import normalise

_BRACKETED = re.compile(
    r"([\u3400-\u9fff]{2,12})\s*[\[(〔【〈<{]\s*(\d{4})\s*[\])〕】〉>}]\s*(?:第)?\s*(\d{1,4})\s*号?"
)
_BARE = re.compile(r"([\u3400-\u9fff]{2,12}?)(\d{4})年?(?:第)?(\d{1,4})号")
_INDEX = re.compile(r"(\d{9}/?\d{6}-\d{3,6})")
_SHORT = re.compile(r"(?<![\d\])〕年月第])(?:第)?(\d{1,4})号(?:文|令|公告|通知)?(?![楼线窗门院路厂栋柜电\d])")
_LEAD = re.compile(r"^.*?(?=皖|阜|经信|国|工信|发改|财|科|省|市)")


def short_numbers(text: str) -> tuple[int, ...]:
    """Give the numbers by which a text names documents without publisher and year: 「那个79号文」."""
    return tuple(dict.fromkeys(int(n) for n in _SHORT.findall(normalise(text))))


def document_number(text: str) -> str | None:
    """Give the number in one form (``皖政秘|2023|243``), or ``None`` when the text has none."""
    plain = normalise(text)
    index = _INDEX.search(plain)
    if index:
        return index.group(1)
    found = _BRACKETED.search(plain) or _BARE.search(plain)
    if not found:
        return None
    issuer = _LEAD.sub("", found.group(1)) or found.group(1)
    return f"{issuer}|{found.group(2)}|{int(found.group(3))}"
