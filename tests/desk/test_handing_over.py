"""Tests of when the bot hands over, and that questions about how something is done are still answered."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.catalogue import Catalogue
from bot.desk.context import Context
from bot.desk.decision import Answer, HandOff, Say
from bot.desk.handing_over import enough_of_it
from bot.desk.handoffs import Reason
from bot.desk.messages import Outcome
from bot.desk.reading import Reading, Segment
from bot.storage.catalogue_files import load_catalogue
from bot.storage.responses_files import load_phrases
from tests.conversing import DATA, Talk, text_of

# Looks like language and like a question for a bureau, and is about nothing that the catalogue has.
NOT_KNOWN = "河里的水草怎么打捞比较好"


@pytest.fixture(scope="module")
def known() -> Catalogue:
    catalogue = load_catalogue(DATA).catalogue
    assert catalogue is not None
    return catalogue


@pytest.fixture
def talk(known: Catalogue) -> Talk:
    return Talk(known, samples=True, today=date(2026, 11, 25))


def reading(worded: bool) -> Reading:
    """Give a message of which nothing was understood."""
    return Reading("", (Segment("", readable=worded),))


MISSED = (Say("not_understood"),)


def test_the_second_miss_in_a_row_hands_over() -> None:
    assert enough_of_it(MISSED, reading(True), Context()) == MISSED
    assert enough_of_it(MISSED, reading(True), Context(misses=1)) == (HandOff("not_understood"),)


def test_what_is_no_language_is_not_handed_over_and_neither_is_what_was_understood() -> None:
    assert enough_of_it(MISSED, reading(False), Context(misses=5)) == MISSED
    answered = (Answer("filing"), Say("not_understood"))
    assert enough_of_it(answered, reading(True), Context(misses=5)) == answered


def test_two_misses_of_a_conversation_end_with_staff(known: Catalogue) -> None:
    talk = Talk(known, samples=True, today=date(2026, 11, 25))
    talk.context = {"misses": 1}
    result = talk.say(NOT_KNOWN)
    assert (result.outcome, result.hand_off) == (Outcome.HANDED_OFF, "not_understood")
    assert "连续两次" in text_of(result)
    assert "misses" not in result.context
    talk.context = {}
    assert talk.say(NOT_KNOWN).outcome is Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("你们窗口态度差,我要正式投诉", Reason.COMPLAINT),
        ("窗口的人态度差,请帮我处理这件事", Reason.COMPLAINT),
        ("公示名单把我公司名字写错了,请帮我们更正", Reason.CORRECTION),
        ("我们提交的申请材料审到哪一步了", Reason.OWN_CASE),
    ],
)
def test_an_own_case_that_is_to_be_dealt_with_goes_to_staff(talk: Talk, text: str, reason: Reason) -> None:
    result = talk.say(text)
    assert result.outcome is Outcome.HANDED_OFF
    assert result.hand_off == reason.value
    assert "TESTTEST" in text_of(result)


@pytest.mark.parametrize(
    "text",
    [
        "窗口态度差找谁说?",
        "名单把我公司名字写错了咋改?",
        "更正要交什么材料?",
        "怎么申请信息公开",
        "投诉工作人员推诿归谁查",
    ],
)
def test_how_it_is_done_is_answered(talk: Talk, text: str) -> None:
    result = talk.say(text)
    assert result.outcome is Outcome.ANSWERED
    assert result.hand_off is None


def test_a_person_asked_for_after_such_a_topic_gets_it_for_that_reason(talk: Talk) -> None:
    assert talk.say("窗口态度差找谁说?").entries == ("h20",)
    result = talk.say("转人工")
    assert (result.hand_off, result.entries) == (Reason.COMPLAINT.value, ("h20",))
    assert "不会转给被投诉的科室" in text_of(result)


def test_the_topics_named_are_in_the_catalogue_and_the_reasons_exist(known: Catalogue) -> None:
    topics = load_phrases(DATA)["hand_off"]["topics"]
    assert set(topics) <= {reason.value for reason in Reason}
    assert all(known.get(entry) for entries in topics.values() for entry in entries)


def test_a_status_asked_for_is_told_apart(talk: Talk) -> None:
    result = talk.say("我上次问的有结果了吗")
    assert result.asks_status
    assert not talk.say("怎么申请信息公开").asks_status
