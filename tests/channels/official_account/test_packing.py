"""Tests of bot.channels.official_account.packing: suggestions, staff, and several replies in one message."""

from __future__ import annotations

from pathlib import Path

from bot.channels.official_account.packing import packed, size, worded
from bot.channels.official_account.texts import read_texts
from bot.desk.messages import OutboundMessage, QuickReply, Reply
from bot.desk.splitting import split

TEXTS = read_texts(Path("data/responses/official_account.yml"))


def message(key: int, text: str, *choices: str, author: str = "bot") -> OutboundMessage:
    buttons = tuple(QuickReply(choice, choice) for choice in choices)
    return OutboundMessage(key, "wechat", "u", Reply(text, buttons), f"m{key}", author)


def test_what_can_be_asked_next_is_told_unless_the_text_tells_it() -> None:
    assert worded(message(1, "好", "材料", "时限"), TEXTS) == "好\n可以接着问:材料 / 时限"
    assert worded(message(1, "1. 材料\n2. 时限", "材料", "时限"), TEXTS) == "1. 材料\n2. 时限"
    full = "字" * 682
    assert worded(message(1, full, "材料"), TEXTS) == full


def test_staff_are_told_apart() -> None:
    assert worded(message(1, "可以", author="staff"), TEXTS) == "【工作人员答复】可以"
    full = "字" * 682
    assert worded(message(1, full, author="staff"), TEXTS) == full


def test_what_fits_goes_one_by_one() -> None:
    waiting = [message(1, "一"), message(2, "二")]
    assert packed(waiting, 2, TEXTS) is waiting[0]


def test_more_than_may_go_is_joined() -> None:
    waiting = [message(1, "一"), message(2, "二", author="staff"), message(3, "三", "材料")]
    one = packed(waiting, 2, TEXTS)
    assert worded(one, TEXTS) == "一\n\n【工作人员答复】二\n\n三\n可以接着问:材料"
    assert (one.id, one.carries, one.in_reply_to) == (1, (1, 2, 3), "m3")


def test_what_does_not_fit_into_the_last_is_announced() -> None:
    waiting = [message(n, "字" * 300) for n in range(1, 5)]
    one = packed(waiting, 1, TEXTS)
    assert one.carries == (1, 2)
    assert one.reply.text.endswith(TEXTS.say("more"))
    assert size(one.reply.text) <= 2048
    huge = [message(1, "字" * 682), message(2, "二")]
    assert packed(huge, 1, TEXTS).reply.text == "字" * 682


def test_a_family_and_a_flag_are_never_cut() -> None:
    # The limit of a message is kept by the desk's splitting; what belongs together stays together.
    for cluster in ("👨‍👩‍👧‍👦", "🇨🇳", "❤️", "e\u0301"):
        for shift in range(12):
            parts = split("x" * shift + cluster * 300)
            assert all(size(part) <= 2048 for part in parts)
            assert "".join(parts) == "x" * shift + cluster * 300
            assert all(
                part.lstrip("x").count(cluster) * len(cluster) == len(part.lstrip("x")) for part in parts
            )
