"""Tests of bot.gateway.turns: what ends a turn, committed together and once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.enquiries import CONTINUES_WITHIN, Earlier
from bot.desk.messages import Outcome, Reply, TurnResult
from bot.desk.receipts import receipt_number
from bot.desk.turns import PendingTurn
from bot.gateway import turns
from bot.gateway.topics import Topics
from bot.storage import handoffs
from bot.storage.conversations import Lease
from bot.storage.live_casework import LiveCasework
from tests.samples import catalogue
from tests.support.gateways import DATA, PROMISE, Running, message, rows
from tests.support.standin_brain import StandIn

TURN = PendingTurn(7, "push:x", "push", "x", "m1", "问", 1000.0, 1001.0, "me#1")
WORK = LiveCasework(DATA, catalogue)()
ANSWERED = TurnResult(Outcome.ANSWERED, (Reply("答"),), ("s01",), ("fee",), 0.8, {"n": 1}, {"why": "x"})


@pytest.fixture
def topics() -> Topics:
    known = catalogue()
    return Topics(lambda: known, PROMISE)


def test_an_enquiry_names_topic_and_entry_of_its_first_code(topics: Topics) -> None:
    end = turns.end_of(TURN, replace(ANSWERED, entries=("s10", "d13")), topics, WORK, 1003.5)
    enquiry = end.enquiry
    assert enquiry is not None
    assert (enquiry.id, enquiry.topic, enquiry.entry, enquiry.code) == (7, "services", "first-set", "s10")
    assert enquiry.entries == ("s10", "d13")
    assert enquiry.response_ms == 2500
    assert enquiry.at == 1001.0
    assert end.handoff is None


def test_an_unknown_code_is_kept_but_names_no_entry(topics: Topics) -> None:
    enquiry = turns.end_of(TURN, replace(ANSWERED, entries=("x99",)), topics, WORK, 1002.0).enquiry
    assert enquiry is not None
    assert (enquiry.topic, enquiry.entry, enquiry.code, enquiry.entries) == (None, None, None, ("x99",))


def test_small_talk_is_no_enquiry(topics: Topics) -> None:
    end = turns.end_of(TURN, replace(ANSWERED, outcome=Outcome.SMALL_TALK), topics, WORK, 1002.0)
    assert end.enquiry is None


def test_a_handoff_goes_to_the_section_of_the_entry_and_its_number_is_told(topics: Topics) -> None:
    turn = replace(TURN, received_at=1_790_000_001.0)
    end = turns.end_of(turn, replace(ANSWERED, hand_off="own_case"), topics, WORK, 1002.0)
    number = receipt_number("push:x", "m1")
    assert end.handoff is not None
    opened = end.handoff.handoff
    told = (opened.number, opened.enquiry, opened.reason, opened.section, opened.entry)
    assert told == (number, 7, "own_case", "investment", "filing")
    assert opened.due is not None
    assert number in end.result.replies[-1].text
    assert "投资科" in end.result.replies[-1].text


def test_a_number_that_was_told_is_not_told_twice(topics: Topics) -> None:
    told = replace(ANSWERED, hand_off="requested", replies=(Reply(f"回执{receipt_number('push:x', 'm1')}"),))
    assert turns.end_of(TURN, told, topics, WORK, 1002.0).result.replies == told.replies


def test_an_open_handoff_is_gone_on_with(topics: Topics) -> None:
    end = turns.end_of(
        replace(TURN, handoff="OPENOPEN"), replace(ANSWERED, hand_off="x"), topics, WORK, 1002.0
    )
    assert end.handoff is None
    assert "OPENOPEN" in end.result.replies[-1].text


def test_small_talk_that_asks_for_staff_is_an_enquiry(topics: Topics) -> None:
    end = turns.end_of(
        TURN, replace(ANSWERED, outcome=Outcome.SMALL_TALK, hand_off="x"), topics, WORK, 1002.0
    )
    assert end.enquiry is not None
    assert end.enquiry.outcome is Outcome.HANDED_OFF
    assert end.handoff is not None


@pytest.mark.parametrize(
    ("earlier", "continues"),
    [
        (Earlier(3, Outcome.CLARIFYING, 1000.0), 3),
        (Earlier(3, Outcome.ANSWERED, 1000.0), None),
        (Earlier(3, Outcome.CLARIFYING, 1000.0 - CONTINUES_WITHIN), None),
        (None, None),
    ],
)
def test_the_answer_to_a_question_back_continues_it(
    topics: Topics, earlier: Earlier | None, continues: int | None
) -> None:
    enquiry = turns.end_of(replace(TURN, earlier=earlier), ANSWERED, topics, WORK, 1002.0).enquiry
    assert enquiry is not None
    assert enquiry.continues == continues


async def test_everything_of_a_turn_is_written_together(desk: Running) -> None:
    await desk.tell("转人工", "m1")
    database = desk.gateway.database
    (inbox,), (enquiry,), (handoff,) = (rows(database, t) for t in ("inbox", "enquiries", "handoffs"))
    assert (inbox.state, inbox.result["outcome"]) == ("done", "handed_off")
    assert (enquiry.inbox_id, enquiry.outcome, handoff.enquiry_id) == (inbox.id, "handed_off", inbox.id)
    assert (handoff.state, handoff.section_id) == ("waiting", "office")
    assert [row.inbox_id for row in rows(database, "outbox")] == [inbox.id, inbox.id]
    assert rows(database, "conversations")[0].context == {"turns": 1}
    with database.reading() as connection:
        found = handoffs.by_number(connection, handoff.number)
        assert found is not None
        assert handoffs.open_ones(connection) == [found]


async def test_the_context_comes_back_with_the_next_turn(desk: Running, brain: StandIn) -> None:
    for n in range(3):
        await desk.tell("问", f"m{n}")
    assert [turn["context"] for turn in brain.asked] == [{}, {"turns": 1}, {"turns": 2}]


async def test_clarifying_and_its_answer_are_linked(desk: Running) -> None:
    await desk.tell("哪个", "m1")
    await desk.tell("你好", "m2")
    await desk.tell("第一个", "m3")
    await desk.tell("还有", "m4")
    first, second, third = rows(desk.gateway.database, "enquiries")
    assert [first.continues, second.continues, third.continues] == [None, first.inbox_id, None]


async def test_a_second_request_for_staff_opens_no_second_handoff(desk: Running, brain: StandIn) -> None:
    first = await desk.tell("转人工", "m1")
    second = await desk.tell("转人工!", "m2")
    (handoff,) = rows(desk.gateway.database, "handoffs")
    assert handoff.number in first.replies[-1].text
    assert handoff.number in second.replies[-1].text
    assert brain.asked[1]["receipt"] == handoff.number


async def test_of_two_that_end_a_turn_one_wins_and_the_other_writes_nothing(
    desk: Running, topics: Topics
) -> None:
    database = desk.gateway.database
    incoming = desk.gateway.desk._intake.party("push", "p1")
    put = turns.Incoming(incoming, message("问", "m1"), "问", "digest")
    accepted = await database.write(lambda c: turns.accept(c, put, Lease("me#1", 9e9), 1.0))
    assert accepted.turn is not None
    end = turns.end_of(accepted.turn, ANSWERED, topics, WORK, 2.0)
    other = turns.end_of(accepted.turn, replace(ANSWERED, replies=(Reply("别的"),)), topics, WORK, 3.0)

    def finish(chosen: Any) -> Any:
        return lambda connection: turns.finish(connection, accepted.turn, chosen, None, WORK)

    assert await database.write(finish(end)) is not None
    assert await database.write(finish(other)) is None
    assert [row.text for row in rows(database, "outbox")] == ["答"]
    assert len(rows(database, "enquiries")) == 1
    assert rows(database, "conversations")[0].turns == 1


async def test_whatever_a_brain_remembers_is_kept_as_it_is(desk: Running, brain: StandIn) -> None:
    odd = {"零": "\x00", "quote": "'\"\\", "emoji": "😀", "deep": [[{"a": None}]], "big": 2**60, "f": 1e-9}
    result = {"outcome": "answered", "replies": [{"text": "好\x00的"}], "context": odd, "explanation": odd}
    await desk.tell(f"!raw {json.dumps(result)}", "m1")
    await desk.tell("下一条", "m2")
    assert brain.asked[1]["context"] == odd
    assert rows(desk.gateway.database, "enquiries")[0].explanation == odd
    assert rows(desk.gateway.database, "outbox")[0].text == "好的"
