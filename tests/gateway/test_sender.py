"""Tests of bot.gateway.sender: order, retries, what cannot be delivered, and what a crash leaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot.channels.base import Delivery, DeliveryState, Desk
from bot.desk.messages import Allowance, OutboundMessage, Reply
from bot.gateway.service import Gateway, World
from bot.storage import outbox
from bot.storage.conversations import Lease, Party, meet
from bot.storage.tables import outbox as table
from tests.gateway.test_dispatcher import until
from tests.support.gateways import Running, message, rows, running

SENT, WAITING = Delivery(DeliveryState.SENT), Delivery(DeliveryState.WAITING)
GONE = Delivery(DeliveryState.UNDELIVERABLE, "用户已取消关注")


@dataclass
class Platform:
    """A platform that replies are pushed to; ``say`` decides what comes of each attempt."""

    say: Callable[[OutboundMessage, int], Awaitable[Delivery]]
    name: str = "push"
    repeatable: bool = False
    got: list[OutboundMessage] = field(default_factory=list)
    tries: dict[int, int] = field(default_factory=dict)

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """It has no addresses."""

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Try once."""
        self.tries[message.id] = self.tries.get(message.id, 0) + 1
        delivery = await self.say(message, self.tries[message.id])
        if delivery.state is DeliveryState.SENT:
            self.got.append(message)
        return delivery

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [message.reply.text for message in self.got]


def platform(say: Callable[[OutboundMessage, int], Delivery] = lambda m, n: SENT, **kind: Any) -> Platform:
    async def answer(message: OutboundMessage, attempt: int) -> Delivery:
        await asyncio.sleep(0)
        return say(message, attempt)

    return Platform(answer, **kind)


def world(one: Platform) -> World:
    return World(more_channels={one.name: one})


async def test_replies_arrive_in_order_with_all_that_is_needed(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    one = platform()
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        for n in range(5):
            await desk.gateway.desk.accept(message(f"问{n}", f"m{n}"))
        await until(lambda: len(one.got) == 5)
        assert one.texts == [f"答:问{n}" for n in range(5)]
        assert [m.id for m in one.got] == sorted(m.id for m in one.got)
        first = one.got[0]
        assert (first.channel, first.recipient, first.in_reply_to, first.author) == (
            "push",
            "p1",
            "m0",
            "bot",
        )
        assert first.reply.quick_replies[0].title == "材料"
        await until(lambda: {row.state for row in rows(desk.gateway.database, "outbox")} == {"sent"})
        await until(lambda: rows(desk.gateway.database, "conversations")[0].send_until == 0)


async def test_a_refused_delivery_is_tried_again_before_what_follows_it(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    one = platform(lambda m, n: Delivery(DeliveryState.WAITING, "busy", 0.3) if n < 3 else SENT)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await desk.tell("二", "m2")
        await until(lambda: len(one.got) == 2)
        assert one.texts == ["答:一", "答:二"]
        assert list(one.tries.values()) == [3, 3]
        await until(lambda: [row.attempts for row in rows(desk.gateway.database, "outbox")] == [3, 3])


async def test_somebody_else_does_not_wait_for_it(database_url: str, brain_url: str, tmp_path: Path) -> None:
    one = platform(lambda m, n: WAITING if m.recipient == "p1" else SENT)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1", sender="p1")
        await desk.tell("二", "m1", sender="p2")
        await until(lambda: one.texts == ["答:二"])
        row = next(r for r in rows(desk.gateway.database, "outbox") if r.text == "答:一")
        assert row.state == "waiting"


async def test_what_cannot_be_delivered_is_kept_with_the_reason(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    one = platform(lambda m, n: GONE if m.reply.text == "答:一" else SENT)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await desk.tell("二", "m2")
        await until(lambda: one.texts == ["答:二"])
        first = rows(desk.gateway.database, "outbox")[0]
        assert (first.state, first.reason, first.text) == ("undeliverable", "用户已取消关注", "答:一")
        report = await desk.gateway.health.report()
        assert report.parts["outbox"].figures["undeliverable"] == 1


async def test_a_channel_that_fails_is_no_disaster(database_url: str, brain_url: str, tmp_path: Path) -> None:
    def say(message: OutboundMessage, attempt: int) -> Delivery:
        if attempt == 1:
            raise KeyError(message.recipient)
        return SENT

    one = platform(say)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await until(lambda: one.texts == ["答:一"])


async def test_what_has_waited_for_a_day_is_given_up(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    later = 0.0
    one = platform(lambda m, n: WAITING)
    clocked = World(clock=lambda: time.time() + later, more_channels={"push": one})
    async with running(database_url, tmp_path, [brain_url], world=clocked) as desk:
        await desk.tell("一", "m1")
        await until(lambda: bool(one.tries))
        later = 90000.0
        await until(lambda: rows(desk.gateway.database, "outbox")[0].state == "undeliverable")
        assert "一天" in rows(desk.gateway.database, "outbox")[0].reason


def left_behind(gateway: Gateway, holder: str, until_: float, in_flight: bool) -> None:
    """Leave replies as a gateway does that dies while it sends."""
    party = Party("push", gateway.secret.pseudonym("push", "p1"), "p1")
    now = time.time()
    with gateway.database.writing() as connection:
        meet(connection, party, Lease("x", 0.0), now)
        ids = outbox.put(connection, party.conversation, [Reply("一"), Reply("二")], now, next_at=now)
        outbox.claim(connection, party.conversation, holder, until_, now)
        if in_flight:
            outbox.begin(connection, ids[0], doubtful=False)


@pytest.mark.parametrize("in_flight", [False, True])
async def test_what_a_crash_left_is_sent_and_marked_when_it_may_be_double(
    database_url: str, brain_url: str, tmp_path: Path, in_flight: bool
) -> None:
    one = platform()

    def prepare(gateway: Gateway) -> None:
        left_behind(gateway, "desk:elsewhere:1:1#s1", time.time() + 1.5, in_flight)

    async with running(database_url, tmp_path, [brain_url], world=world(one), prepare=prepare) as desk:
        await asyncio.sleep(0.8)
        assert one.got == []  # its holder may still be alive
        await until(lambda: one.texts == ["一", "二"])
        await until(lambda: {row.state for row in rows(desk.gateway.database, "outbox")} == {"sent"})
        assert [row.doubtful for row in rows(desk.gateway.database, "outbox")] == [in_flight, False]
        await asyncio.sleep(1.1)
        report = await desk.gateway.health.report()
        assert report.parts["outbox"].figures["doubtful"] == int(in_flight)


@dataclass
class Counted(Platform):
    """A platform that counts messages: what waits is packed where little room is left."""

    def pack(self, waiting: Sequence[OutboundMessage], now: float) -> OutboundMessage:
        """Join all that waits once one message is left."""
        room = waiting[0].room
        if room is None or room.left > 1 or len(waiting) == 1:
            return waiting[0]
        text = "+".join(message.reply.text for message in waiting)
        return replace(waiting[0], reply=Reply(text), carries=tuple(message.id for message in waiting))


async def put(desk: Running, text: str, message_id: str) -> None:
    """Put a message that lets two replies out within a minute."""
    await desk.gateway.desk.accept(replace(message(text, message_id), allowance=Allowance(2, 60.0)))


async def test_what_is_held_goes_out_first_when_the_recipient_writes_again(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    held = Delivery(DeliveryState.HELD, "closed", closed=True)
    one = platform(lambda m, n: held if m.reply.text == "答:一" and n == 1 else SENT)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await put(desk, "一", "m1")
        await until(lambda: [row.state for row in rows(desk.gateway.database, "outbox")] == ["held"])
        assert rows(desk.gateway.database, "conversations")[0].send_left == 0
        assert (await desk.gateway.health.report()).parts["outbox"].figures["held"] == 1
        await asyncio.sleep(1.2)
        assert one.texts == []
        await put(desk, "二", "m2")
        await until(lambda: one.texts == ["答:一", "答:二"])
        assert rows(desk.gateway.database, "conversations")[0].send_left == 2


async def test_what_waits_is_packed_anew_before_each_attempt_and_marked_as_a_whole(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    sent = Delivery(DeliveryState.SENT, spent=1)
    one = Counted(platform(lambda m, n: sent).say)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await put(desk, "一", "m1")
        await until(lambda: one.texts == ["答:一"])
        conversation, now = rows(desk.gateway.database, "conversations")[0].id, time.time()
        with desk.gateway.database.writing() as connection:
            more = [Reply(text) for text in "甲乙丙"]
            outbox.put(connection, conversation, more, now, author="staff", next_at=now)
        await until(lambda: one.texts == ["答:一", "甲+乙+丙"])
        await until(lambda: {row.state for row in rows(desk.gateway.database, "outbox")} == {"sent"})
        assert rows(desk.gateway.database, "conversations")[0].send_left == 0


async def test_a_repeat_grants_nothing_anew(database_url: str, brain_url: str, tmp_path: Path) -> None:
    sent = Delivery(DeliveryState.SENT, spent=1)
    one = platform(lambda m, n: sent)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await put(desk, "一", "m1")
        await until(lambda: [row.state for row in rows(desk.gateway.database, "outbox")] == ["sent"])
        await put(desk, "一", "m1")
        assert rows(desk.gateway.database, "conversations")[0].send_left == 1


async def test_an_attempt_of_which_nothing_is_known_is_marked(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    unknown = Delivery(DeliveryState.WAITING, "timeout", 0.1, doubtful=True)
    one = platform(lambda m, n: unknown if n == 1 else SENT)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await until(lambda: one.texts == ["答:一"])
        await until(lambda: rows(desk.gateway.database, "outbox")[0].state == "sent")
        assert rows(desk.gateway.database, "outbox")[0].doubtful


async def test_two_gateways_never_send_the_same_reply(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    async def slow(message: OutboundMessage, attempt: int) -> Delivery:
        await asyncio.sleep(0.02)
        return SENT

    one = Platform(slow)
    async with (
        running(database_url, tmp_path, [brain_url], world=world(one)) as first,
        running(database_url, tmp_path, [brain_url], world=world(one)) as second,
    ):
        desks = [first, second]
        await asyncio.gather(*(desks[n % 2].tell(f"{n}", f"m{n}", sender=f"p{n % 5}") for n in range(30)))
        await until(lambda: {row.state for row in rows(first.gateway.database, "outbox")} == {"sent"}, 20)
        assert set(one.tries.values()) == {1}
        for sender in range(5):
            ids = [m.id for m in one.got if m.recipient == f"p{sender}"]
            assert ids == sorted(ids)
            assert len(ids) == 6


async def test_a_recipient_who_fetches_is_told_in_order_and_not_pressed(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    told: list[str] = []

    def say(message: OutboundMessage, attempt: int) -> Delivery:
        told.append(message.reply.text)
        return WAITING

    one = platform(say, repeatable=True)
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await desk.tell("二", "m2")
        await until(lambda: told == ["答:一", "答:二"])
        await asyncio.sleep(1.3)
        assert told == ["答:一", "答:二"]
        assert [row.state for row in rows(desk.gateway.database, "outbox")] == ["waiting", "waiting"]
        fetched = await desk.gateway.desk.outgoing("push", "p1", 0)
        assert [m.reply.text for m in fetched] == told
        assert [m.in_reply_to for m in fetched] == ["m1", "m2"]
        await desk.gateway.desk.acknowledged("push", "p1", fetched[0].id)
        assert [row.state for row in rows(desk.gateway.database, "outbox")] == ["sent", "waiting"]
        assert [m.id for m in await desk.gateway.desk.outgoing("push", "p1", fetched[0].id)] == [
            fetched[1].id
        ]
        assert await desk.gateway.desk.outgoing("push", "somebody else", 0) == []


async def test_the_page_of_a_recipient_who_fetches_is_asked_again_when_it_says_so(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    one = platform(
        lambda m, n: Delivery(DeliveryState.WAITING, None, 0.1) if n < 3 else SENT, repeatable=True
    )
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await until(lambda: rows(desk.gateway.database, "outbox")[0].state == "sent")
        assert list(one.tries.values()) == [3]


async def test_a_reply_of_staff_put_in_from_outside_is_sent(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    one = platform()
    async with running(database_url, tmp_path, [brain_url], world=world(one)) as desk:
        await desk.tell("一", "m1")
        await until(lambda: len(one.got) == 1)
        conversation = rows(desk.gateway.database, "conversations")[0].id
        now = time.time()
        with desk.gateway.database.writing() as connection:
            outbox.put(connection, conversation, [Reply("工作人员答复")], now, author="staff", next_at=now)
        await until(lambda: one.texts == ["答:一", "工作人员答复"])
        assert one.got[1].author == "staff"


async def test_the_transcript_has_both_sides_in_order(desk: Running) -> None:
    await desk.tell("一,电话13800138000", "m1")
    await desk.tell("二", "m2")
    lines = await desk.gateway.desk.transcript("push", "p1")
    assert [(line.author, line.text) for line in lines] == [
        ("enquirer", "一,电话[手机号]"),
        ("bot", "答:一,电话[手机号]"),
        ("enquirer", "二"),
        ("bot", "答:二"),
    ]
    assert [line.message_id for line in lines] == ["m1", "m1", "m2", "m2"]
    assert [line.text for line in await desk.gateway.desk.transcript("push", "p1", 3)] == [
        "答:一,电话[手机号]", "二", "答:二"
    ]  # fmt: skip
    assert await desk.gateway.desk.transcript("push", "nobody") == []


async def test_a_clock_that_was_set_back_puts_no_reply_before_its_question(desk: Running) -> None:
    await desk.tell("一", "m1")
    with desk.gateway.database.writing() as connection:
        connection.execute(sa.update(table).values(created_at=5.0))
    lines = await desk.gateway.desk.transcript("push", "p1")
    assert [line.author for line in lines] == ["enquirer", "bot"]
