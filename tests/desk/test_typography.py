"""Marks between Chinese characters are shown full-width; figures, addresses and Latin stay."""

import pytest

from bot.desk.typography import polish


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("请问,今天好吗?", "请问\uff0c今天好吗\uff1f"),
        ("共3项:甲;乙", "共3项\uff1a甲\uff1b乙"),
        ("办法(试行)", "办法\uff08试行\uff09"),
        ("见 https://a.b/c?x=1,2 页", "见 https://a.b/c?x=1,2 页"),
        ("1,000元", "1,000元"),
        ("12:30开会", "12:30开会"),
        ("Hello, world!", "Hello, world!"),
    ],
)
def test_polish(plain: str, shown: str) -> None:
    assert polish(plain) == shown


def test_polishing_twice_changes_nothing() -> None:
    text = "一、说明(见附件):共3项,收费1,000元;好吗?"
    assert polish(polish(text)) == polish(text)
