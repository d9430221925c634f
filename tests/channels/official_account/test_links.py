"""Tests of links to the rest of an answer: who can make one, how long it holds, and what goes behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.official_account.links import KEPT, Links
from bot.channels.official_account.packing import packed
from bot.channels.official_account.texts import read_texts
from bot.desk.messages import OutboundMessage, Reply
from bot.storage.secret import Secret

TEXTS = read_texts(Path("data/responses/official_account.yml"))
BASE = "https://ask.example.gov.cn"
STAMP = Secret("a secret of this test, long enough").stamp
LINKS = Links(BASE, "/wechat", STAMP)


def token(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_a_link_stands_for_its_replies_until_its_time_is_over() -> None:
    made = token(LINKS.link(18, 27, 1000.0))
    assert LINKS.read(made, 1000.0 + KEPT - 1) == (18, 27)
    assert LINKS.read(made, 1000.0 + KEPT) is None


@pytest.mark.parametrize("place", [0, 3, 6, -1])
def test_a_link_that_was_changed_is_none(place: int) -> None:
    made = list(token(LINKS.link(18, 27, 1000.0)))
    made[place] = "1" if made[place] != "1" else "2"
    assert LINKS.read("".join(made), 1000.0) is None


def test_another_channel_and_another_deployment_make_other_links() -> None:
    made = token(LINKS.link(18, 27, 1000.0))
    assert Links(BASE, "/yixin", STAMP).read(made, 1000.0) is None
    assert Links(BASE, "/wechat", Secret("another secret of this test").stamp).read(made, 1000.0) is None


def reply(number: int, text: str, author: str = "bot") -> OutboundMessage:
    return OutboundMessage(number, "wechat", "u", Reply(text), f"m{number}", author)


def link_to(first: int, last: int) -> str:
    return f"{BASE}/{first}-{last}"


def test_the_last_message_tells_what_fits_and_links_to_the_rest() -> None:
    waiting = [reply(1, "甲" * 500), reply(2, "乙" * 500), reply(3, "丙" * 500)]
    message = packed(waiting, 1, TEXTS, link_to)
    assert message.reply.text.startswith("甲" * 500 + "\n")
    assert f"{BASE}/2-3" in message.reply.text
    assert message.ids == (1, 2, 3)
    assert len(message.reply.text.encode()) <= 2048


def test_what_fits_needs_no_link() -> None:
    message = packed([reply(1, "甲"), reply(2, "乙")], 1, TEXTS, link_to)
    assert message.reply.text == "甲\n\n乙"


def test_a_first_that_leaves_no_room_is_cut_and_is_whole_behind_the_link() -> None:
    message = packed([reply(1, "甲。" * 330), reply(2, "乙" * 500)], 1, TEXTS, link_to)
    assert f"{BASE}/1-2" in message.reply.text
    assert message.ids == (1, 2)
    assert len(message.reply.text.encode()) <= 2048


def test_what_staff_wrote_is_never_behind_a_link() -> None:
    waiting = [reply(1, "甲" * 500), reply(2, "乙" * 500), reply(3, "丙", "staff")]
    message = packed(waiting, 1, TEXTS, link_to)
    assert f"{BASE}/2-2" in message.reply.text
    assert message.ids == (1, 2)
    assert BASE not in packed(list(reversed(waiting)), 1, TEXTS, link_to).reply.text


def test_while_more_messages_may_go_nothing_is_linked() -> None:
    waiting = [reply(n, "甲" * 500) for n in range(1, 5)]
    assert packed(waiting, 2, TEXTS, link_to).reply.text == "甲" * 500
