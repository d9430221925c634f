"""Tests of the enquirer's side of a handoff: place and date, silence, status, satisfaction, days later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.channels.base import Delivery, DeliveryState, Desk
from bot.desk.handoffs import CloseOutcome, Handoff
from bot.desk.handoffs import commands as c
from bot.desk.messages import OutboundMessage, Outcome
from bot.desk.staff import Person
from bot.gateway.service import World
from bot.storage import audit_log, handoffs
from bot.storage.casework import Casework, carry_out, reply
from bot.storage.lapsing import lapse
from bot.storage.live_casework import LiveCasework
from tests.desk.handoffs.bureau import moment
from tests.samples import catalogue
from tests.support.gateways import DATA, Running, rows, running
from tests.support.standin_brain import StandIn

EVA = Person("eva", "综合岗", "office")
MONDAY = moment(11, 23)
DAY = 86400.0


@dataclass
class Platform:
    """A platform that replies are pushed to."""

    name: str = "push"
    repeatable: bool = False
    arrived: list[OutboundMessage] = field(default_factory=list)
    takes: bool = True

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """Add nothing: the tests hand messages in themselves."""

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Take a reply, unless nobody is there."""
        if not self.takes:
            return Delivery(DeliveryState.WAITING, "away")
        self.arrived.append(message)
        return Delivery(DeliveryState.SENT)


@dataclass
class Clock:
    """A clock that the test moves."""

    now: float = MONDAY

    def __call__(self) -> float:
        """Give the moment, going on a little with each look."""
        self.now += 0.001
        return self.now


@dataclass
class Bureau:
    """A gateway, its platform, its clock, and the member of staff at work."""

    desk: Running
    platform: Platform
    clock: Clock
    work: Casework
    told: int = 0

    async def say(self, text: str, sender: str = "p1") -> Any:
        """Send a message as an enquirer and give the result."""
        self.told += 1
        return await self.desk.tell(text, f"m{self.told}", sender)

    def handoff(self, at: int = -1) -> Handoff:
        """Give a handoff, the last one by default."""
        number = rows(self.desk.gateway.database, "handoffs")[at].number
        with self.desk.gateway.database.reading() as connection:
            found = handoffs.by_number(connection, number)
        assert found is not None
        return found

    async def do(self, command: Any) -> Handoff:
        """Carry a command out on the last handoff, as the console does."""
        number = self.handoff().number
        return await self.desk.gateway.database.write(
            lambda connection: carry_out(connection, self.work, number, command)
        )

    async def answer(self, text: str, complete: bool = True) -> None:
        """Reply as staff."""
        number = self.handoff().number
        await self.desk.gateway.database.write(
            lambda connection: reply(connection, self.work, number, EVA, text, self.clock(), complete)
        )

    async def claim(self) -> None:
        """Claim the last handoff."""
        await self.do(c.Claim(EVA, self.clock()))

    async def close(self) -> None:
        """Close the last handoff as answered."""
        await self.do(c.Close(EVA, self.clock(), CloseOutcome.ANSWERED))

    async def arrives(self, part: str) -> OutboundMessage:
        """Wait until a message with this text has arrived at the platform."""
        for _ in range(600):
            for message in self.platform.arrived:
                if part in message.reply.text:
                    return message
            await asyncio.sleep(0.05)
        raise AssertionError(f"{part} did not arrive: {[m.reply.text for m in self.platform.arrived]}")

    @property
    def enquiries(self) -> list[str]:
        """The outcomes of all enquiries."""
        return [row.outcome for row in rows(self.desk.gateway.database, "enquiries")]


@asynccontextmanager
async def open_bureau(url: str, folder: Path, brain_url: str) -> AsyncIterator[Bureau]:
    """Run a gateway with a push platform and a clock of the test's own."""
    platform, clock = Platform(), Clock()
    world = World(clock=clock, more_channels={"push": platform})
    async with running(url, folder, [brain_url], world=world) as desk:
        yield Bureau(desk, platform, clock, LiveCasework(DATA, catalogue)())


@pytest.fixture
async def bureau(database_url: str, brain_url: str, tmp_path: Path) -> AsyncIterator[Bureau]:
    async with open_bureau(database_url, tmp_path, brain_url) as opened:
        yield opened


async def test_number_place_and_date_are_told_at_once(bureau: Bureau) -> None:
    first = await bureau.say("转人工", "p1")
    second = await bureau.say("转人工", "p2")
    number = bureau.handoff(0).number
    assert number in first.replies[-1].text
    assert "第1位" in first.replies[-1].text
    assert "前面还有1件" in second.replies[-1].text
    # Three working days after Monday the 23rd.
    assert "最迟2026年11月26日" in first.replies[-1].text
    assert "办公时间" not in first.replies[-1].text  # the sample bureau has published none


async def test_a_date_beyond_the_calendar_is_not_guessed(bureau: Bureau) -> None:
    bureau.clock.now = moment(12, 31)
    told = await bureau.say("转人工")
    assert "待定" in told.replies[-1].text
    assert bureau.handoff().due is None


async def test_while_it_waits_the_bot_goes_on_answering(bureau: Bureau, brain: StandIn) -> None:
    await bureau.say("转人工")
    told = await bureau.say("备案")
    assert told.replies[0].text == "答:备案"
    assert bureau.enquiries == ["handed_off", "answered"]


async def test_while_a_person_is_in_charge_the_bot_is_silent_and_it_is_one_enquiry(
    bureau: Bureau, brain: StandIn
) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    asked = len(brain.asked)
    first = await bureau.say("补充一下:是去年的项目")
    second = await bureau.say("还有发票")
    assert first.outcome is second.outcome is Outcome.HANDED_OFF
    assert ["已转给正在办理" in r.text for r in first.replies] == [True]
    assert second.replies == ()
    assert len(brain.asked) == asked
    assert bureau.enquiries == ["handed_off"]
    await bureau.answer("您好,可以办。")
    await bureau.close()
    back = await bureau.say("备案")
    assert back.replies[0].text == "答:备案"
    assert bureau.enquiries == ["handed_off", "answered"]


async def test_the_context_before_the_handoff_is_there_again_after_it(bureau: Bureau, brain: StandIn) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.say("补充")
    await bureau.answer("好")
    await bureau.close()
    await bureau.say("备案")
    assert brain.asked[-1]["context"]["turns"] == 1


async def test_what_is_written_after_the_answer_starts_a_clock_of_its_own(bureau: Bureau) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.answer("好")
    bureau.clock.now = MONDAY + 7 * DAY
    await bureau.say("还是不明白")
    held = bureau.handoff()
    assert held.state.value == "with_staff"
    assert held.due is not None
    assert held.due.isoformat() == "2026-12-03"
    assert held.overdue_on is None


async def test_a_reply_days_later_reaches_the_platform(bureau: Bureau) -> None:
    await bureau.say("转人工")
    bureau.clock.now = MONDAY + 2 * DAY
    await bureau.claim()
    await bureau.answer("您好,已经查过了。")
    arrived = await bureau.arrives("已经查过了")
    assert (arrived.author, arrived.recipient) == ("staff", "p1")
    assert (await bureau.arrives("接手")).author == "bot"


async def test_the_status_is_told_by_number_and_without(bureau: Bureau) -> None:
    await bureau.say("转人工")
    number = bureau.handoff().number
    waiting = await bureau.say(f"回执号{number.lower()}有结果了吗")
    assert "等待" in waiting.replies[0].text
    # Whoever has the number may ask from anywhere, and learns no more than how far it is.
    elsewhere = await bureau.say(number, "p2")
    assert "等待" in elsewhere.replies[0].text
    bureau.clock.now = MONDAY + 6 * DAY
    late = await bureau.say(number, "p2")
    assert "超过" in late.replies[0].text
    await bureau.claim()
    held = await bureau.say(number, "p2")
    assert "正在办理" in held.replies[0].text
    unknown = await bureau.say("23456789", "p2")
    assert unknown.replies[0].text == "答:23456789"


async def test_a_brain_that_hears_the_question_for_the_status_leaves_it_to_the_gateway(
    bureau: Bureau,
) -> None:
    raw = '{"outcome": "answered", "replies": [{"text": "x"}], "asks_status": true}'
    none = await bureau.say(f"!raw {raw}")
    assert "没有转给工作人员" in none.replies[0].text
    await bureau.say("转人工")
    told = await bureau.say(f"!raw {raw}")
    assert bureau.handoff().number in told.replies[0].text


async def test_satisfaction_is_asked_at_the_end_and_kept(bureau: Bureau) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.answer("好")
    await bureau.close()
    asked = await bureau.arrives("打分")
    assert asked.reply.quick_replies[0].payload == "评价5分"
    thanked = await bureau.say("4")
    assert thanked.outcome is Outcome.SMALL_TALK
    assert "4分" in thanked.replies[0].text
    assert bureau.handoff().satisfaction == 4
    assert (await bureau.say("5")).replies[0].text == "答:5"
    assert bureau.handoff().satisfaction == 4
    assert bureau.enquiries == ["handed_off", "answered"]


async def test_a_plain_number_is_a_rating_only_right_after_the_end(bureau: Bureau) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.answer("好")
    await bureau.close()
    await bureau.say("备案")
    assert (await bureau.say("2")).replies[0].text == "答:2"
    assert bureau.handoff().satisfaction is None
    await bureau.say("2分 不满意")
    assert bureau.handoff().satisfaction == 2


async def test_asking_again_goes_on_with_the_same_handoff(bureau: Bureau) -> None:
    await bureau.say("转人工")
    again = await bureau.say("转人工")
    assert len(rows(bureau.desk.gateway.database, "handoffs")) == 1
    assert "第1位" in again.replies[-1].text
    first, second = rows(bureau.desk.gateway.database, "enquiries")
    assert second.continues == first.inbox_id


async def test_claimed_while_the_brain_thinks_its_answer_is_not_sent(bureau: Bureau) -> None:
    await bureau.say("转人工")
    thinking = asyncio.ensure_future(bureau.say("!sleep 1 备案"))
    await asyncio.sleep(0.3)
    await bureau.claim()
    result = await thinking
    assert result.outcome is Outcome.HANDED_OFF
    assert not any("答:!sleep" in message.reply.text for message in bureau.platform.arrived)
    assert bureau.enquiries == ["handed_off"]


async def test_closing_corrects_the_enquiry_and_keeps_what_it_was(bureau: Bureau) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.answer("好")
    await bureau.do(c.Close(EVA, bureau.clock(), CloseOutcome.ANSWERED, "first-set"))
    (enquiry,) = rows(bureau.desk.gateway.database, "enquiries")
    assert (enquiry.entry_id, enquiry.entry_code, enquiry.outcome) == ("first-set", "s10", "handed_off")
    (correction,) = rows(bureau.desk.gateway.database, "corrections")
    assert correction.by == "eva"
    assert correction.old["entry_id"] is None


async def test_what_is_late_is_marked_without_anybody_asking(tmp_path: Path, brain_url: str) -> None:
    async with open_bureau(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, brain_url) as bureau:
        await bureau.say("转人工")
        await bureau.desk.gateway.aftercare.stop()
        bureau.clock.now = MONDAY + 10 * DAY
        await bureau.desk.gateway.aftercare.start()
        for _ in range(200):
            if bureau.handoff().overdue_on:
                break
            await asyncio.sleep(0.05)
        assert bureau.handoff().overdue_on is not None


async def look(bureau: Bureau, at: float) -> list[str]:
    """Let the gateway look at what is silent, at a moment; give what it closed."""
    bureau.clock.now = at
    digest = bureau.desk.gateway.secret.digest
    return await bureau.desk.gateway.database.write(
        lambda connection: lapse(connection, bureau.work, at, digest)
    )


async def test_an_answer_that_staff_forget_to_close_does_not_silence_the_bot_for_ever(bureau: Bureau) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.answer("材料带齐就可以办。")
    await bureau.arrives("材料带齐")
    number = bureau.handoff().number
    assert await look(bureau, MONDAY + 3 * DAY) == []  # Thursday, the third working day
    assert await look(bureau, MONDAY + 4 * DAY) == [number]
    assert await look(bureau, MONDAY + 4 * DAY) == []
    closed = bureau.handoff()
    assert (closed.state.value, closed.outcome) == ("closed", CloseOutcome.ANSWERED)
    asked = await bureau.arrives("满3个工作日没有收到您的补充")
    assert asked.reply.quick_replies[0].payload == "评价5分"
    with bureau.desk.gateway.database.reading() as connection:
        event = handoffs.events_of(connection, number)[-1]
        assert (event.kind.value, event.by) == ("lapsed", None)
        assert event.data == {"outcome": "answered", "waited_until": "2026-11-26"}
        assert audit_log.verify(connection, bureau.desk.gateway.secret.digest) is None
    (row,) = rows(bureau.desk.gateway.database, "audit_log")
    assert (row.actor, row.action, row.subject) == ("(系统)", "handoff_lapsed", number)
    assert (await bureau.say("评价4分")).outcome is Outcome.SMALL_TALK
    assert bureau.handoff().satisfaction == 4
    assert (await bureau.say("首台套一年能报几次")).outcome is Outcome.ANSWERED


async def test_what_did_not_reach_them_and_what_they_still_say_is_not_closed(bureau: Bureau) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    bureau.platform.takes = False
    await bureau.answer("材料带齐就可以办。")
    assert await look(bureau, MONDAY + 30 * DAY) == []  # it may be that nobody has read it
    bureau.platform.takes = True
    await bureau.say("那现在呢?")  # what waited goes out first
    await bureau.arrives("材料带齐")
    assert bureau.handoff().state.value == "with_staff"
    await bureau.answer("现在也一样。")
    await bureau.arrives("现在也一样")
    assert await look(bureau, MONDAY + 31 * DAY) == []


@pytest.mark.parametrize("thanks", ["谢谢", "好的,谢谢您!", "收到,辛苦了", "明白了"])
async def test_thanks_do_not_start_the_clock_again(bureau: Bureau, thanks: str) -> None:
    await bureau.say("转人工")
    await bureau.claim()
    await bureau.answer("材料带齐就可以办。")
    await bureau.arrives("材料带齐")
    await bureau.say(thanks)
    assert bureau.handoff().state.value == "answered"
    assert await look(bureau, MONDAY + 4 * DAY) == [bureau.handoff().number]
