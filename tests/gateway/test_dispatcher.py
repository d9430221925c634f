"""Tests of bot.gateway.dispatcher: order, leases, several gateways, and a database or brain that is away."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.gateway.identity import process_name
from bot.gateway.service import Gateway, World
from bot.storage import presence
from bot.storage.conversations import Lease, Party, meet
from bot.storage.inbox import put
from bot.storage.tables import conversations, inbox
from tests.support.gateways import Running, message, rows, running, standin
from tests.support.standin_brain import StandIn


async def until(condition: Any, seconds: float = 10) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.02)


def leave_behind(gateway: Gateway, lease: Lease, count: int = 1) -> None:
    """Leave messages as a gateway does that dies right after it acknowledged them."""
    owner = lease.token.partition("#")[0]
    party = Party("push", gateway.secret.pseudonym("push", "p1"), "p1")
    with gateway.database.writing() as connection:
        presence.show(connection, owner, time.time())
        meet(connection, party, lease, time.time())
        for n in range(count):
            put(connection, party.conversation, message(f"问{n}", f"m{n}"), f"问{n}", "digest", time.time())


async def test_messages_of_one_conversation_are_answered_one_by_one_in_order(
    desk: Running, brain: StandIn
) -> None:
    asked = [desk.gateway.desk.accept(message(f"问{n}", f"m{n}")) for n in range(10)]
    receipts = [await one for one in asked]
    results = await asyncio.gather(*(desk.gateway.desk.result(r, 10) for r in receipts))
    assert [r.replies[0].text for r in results if r] == [f"答:问{n}" for n in range(10)]
    assert [turn["text"] for turn in brain.asked] == [f"问{n}" for n in range(10)]
    assert [turn["context"].get("turns", 0) for turn in brain.asked] == list(range(10))


async def test_conversations_are_answered_side_by_side(desk: Running) -> None:
    began = time.monotonic()
    await asyncio.gather(*(desk.tell("!sleep 0.5", "m", sender=f"p{n}") for n in range(8)))
    assert time.monotonic() - began < 2


async def test_no_lease_is_left_after_the_turns(desk: Running) -> None:
    await asyncio.gather(*(desk.tell("问", f"m{n}", sender=f"p{n % 3}") for n in range(9)))
    await until(lambda: all(row.lease_owner is None for row in rows(desk.gateway.database, "conversations")))
    assert desk.gateway.dispatcher.at_work == 0


async def test_what_a_dead_process_of_this_machine_held_is_taken_up_at_once(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = process_name(dead.pid)
    dead.kill()
    dead.communicate()

    def prepare(gateway: Gateway) -> None:
        leave_behind(gateway, Lease(f"{name}#1", time.time() + 3600), count=3)

    began = time.monotonic()
    async with running(database_url, tmp_path, [brain_url], prepare=prepare) as desk:
        await until(lambda: {row.state for row in rows(desk.gateway.database, "inbox")} == {"done"})
        assert time.monotonic() - began < 5
        assert [row.text for row in rows(desk.gateway.database, "outbox")] == ["答:问0", "答:问1", "答:问2"]


async def test_what_another_machine_holds_is_left_to_it_until_its_lease_runs_out(
    database_url: str, brain_url: str, tmp_path: Path, brain: StandIn
) -> None:
    def prepare(gateway: Gateway) -> None:
        leave_behind(gateway, Lease("desk:elsewhere:1:1#1", time.time() + 2.5))

    async with running(database_url, tmp_path, [brain_url], prepare=prepare) as desk:
        await asyncio.sleep(1.2)
        assert brain.asked == []
        await until(lambda: rows(desk.gateway.database, "inbox")[0].state == "done")


async def test_a_living_process_keeps_its_lease(database_url: str, brain_url: str, tmp_path: Path) -> None:
    def prepare(gateway: Gateway) -> None:
        leave_behind(gateway, Lease(f"{process_name(os.getppid())}#1", time.time() + 3600))

    async with running(database_url, tmp_path, [brain_url], prepare=prepare) as desk:
        await asyncio.sleep(1.5)
        assert rows(desk.gateway.database, "inbox")[0].state == "pending"


async def test_a_turn_that_takes_longer_than_its_lease_keeps_it(
    database_url: str, brain_url: str, tmp_path: Path, brain: StandIn
) -> None:
    world = World(lease_seconds=1.5)
    slow = {"BOT_BRAIN_BUDGET": "3"}
    async with (
        running(database_url, tmp_path, [brain_url], world=world, **slow) as one,
        running(database_url, tmp_path, [brain_url], world=world, **slow),
    ):
        await one.tell("!sleep 2.6", "m1")
        assert len(brain.asked) == 1


async def test_several_gateways_share_the_work_without_doing_it_twice(
    database_url: str, brain_url: str, tmp_path: Path, brain: StandIn
) -> None:
    async with (
        running(database_url, tmp_path, [brain_url]) as one,
        running(database_url, tmp_path, [brain_url]) as two,
    ):
        pairs = [(one, two)[n % 2] for n in range(40)]
        results = await asyncio.gather(
            *(desk.tell(f"问{n}", f"m{n}", sender=f"p{n % 4}") for n, desk in enumerate(pairs))
        )
        assert [r.replies[0].text for r in results] == [f"答:问{n}" for n in range(40)]
        assert len(brain.asked) == 40
        counts = [row.turns for row in rows(one.gateway.database, "conversations")]
        assert counts == [10, 10, 10, 10]
        assert [row.context for row in rows(one.gateway.database, "conversations")] == [{"turns": 10}] * 4
        assert len(rows(one.gateway.database, "enquiries")) == 40


async def test_a_result_made_by_another_gateway_is_found(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    async with (
        running(database_url, tmp_path, [brain_url]) as one,
        running(database_url, tmp_path, [brain_url]) as two,
    ):
        first = await one.gateway.desk.accept(message("!sleep 0.6", "m1"))
        second = await two.gateway.desk.accept(message("!sleep 0.6", "m1"))
        assert second.repeated
        results = [await desk.gateway.desk.result(first, 5) for desk in (one, two)]
        assert results[0] is not None
        assert results[1] is not None
        assert results[0].replies == results[1].replies


async def test_a_result_that_is_not_ready_is_none(desk: Running) -> None:
    receipt = await desk.gateway.desk.accept(message("!sleep 1", "m1"))
    began = time.monotonic()
    assert await desk.gateway.desk.result(receipt, 0.2) is None
    assert time.monotonic() - began < 0.6
    assert await desk.gateway.desk.result(receipt, 5) is not None


async def test_a_turn_ends_when_the_database_is_back(brain_url: str, tmp_path: Path, brain: StandIn) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with running(url, tmp_path, [brain_url]) as desk:
        receipt = await desk.gateway.desk.accept(message("!sleep 0.5", "m1"))
        holder = sa.create_engine(url, future=True).connect()
        holder.connection.isolation_level = None  # type: ignore[attr-defined]
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        await asyncio.sleep(2.5)  # the answer comes, and cannot be committed
        assert len(brain.asked) == 1
        holder.connection.rollback()
        holder.close()
        holder.engine.dispose()
        result = await desk.gateway.desk.result(receipt, 10)
        assert result is not None
        assert len(brain.asked) == 1
        assert len(rows(desk.gateway.database, "enquiries")) == 1


async def test_more_turns_than_slots_wait_for_each_other(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path, [brain_url], BOT_TURNS_AT_ONCE="2") as desk:
        began = time.monotonic()
        await asyncio.gather(*(desk.tell("!sleep 0.3", "m", sender=f"p{n}") for n in range(6)))
        assert time.monotonic() - began > 0.85


async def test_turns_under_way_end_before_the_gateway_does(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path, [brain_url]) as desk:
        for n in range(3):
            await desk.gateway.desk.accept(message("!sleep 0.5", f"m{n}"))
    engine = sa.create_engine(database_url, future=True)
    with engine.connect() as connection:
        states = list(connection.execute(sa.select(inbox.c.state).order_by(inbox.c.id)).scalars())
        leases = list(connection.execute(sa.select(conversations.c.lease_owner)).scalars())
    engine.dispose()
    # The one under way is ended, the others stay for the next start, and nobody holds the conversation.
    assert states == ["done", "pending", "pending"]
    assert leases == [None]


async def test_text_with_a_slash_goes_to_the_brain_as_it_is(desk: Running, brain: StandIn) -> None:
    await desk.tell("/restart", "m1")
    assert brain.asked[0]["text"] == "/restart"


async def test_the_request_has_what_the_protocol_says(desk: Running, brain: StandIn) -> None:
    await desk.tell("问", "m1")
    (turn,) = brain.asked
    assert set(turn) == {
        "conversation", "channel", "message_id", "text", "sent_at", "receipt", "context"
    }  # fmt: skip
    assert turn["conversation"] == rows(desk.gateway.database, "conversations")[0].id
    assert turn["conversation"].startswith("push:")
    assert (turn["channel"], turn["message_id"], turn["sent_at"]) == ("push", "m1", 1_790_000_000.0)


async def test_a_conversation_stays_with_its_brain_and_moves_when_that_is_gone(
    database_url: str, tmp_path: Path
) -> None:
    async with standin() as (one, url_one):
        async with standin() as (two, url_two):
            async with running(database_url, tmp_path, [url_one, url_two]) as desk:
                for n in range(12):
                    for round_ in range(2):
                        await desk.tell("问", f"m{round_}", sender=f"p{n}")
                homes = [{t["conversation"] for t in brain.asked} for brain in (one, two)]
                assert homes[0]
                assert homes[1]
                assert not homes[0] & homes[1]
        # The second brain has ended; nothing else changes for whoever asks.
        async with running(database_url, tmp_path, [url_one, url_two]) as desk:
            for n in range(12):
                result = await desk.tell("再问", "m9", sender=f"p{n}")
                assert result.replies[0].text == "答:再问"


async def test_a_flood_that_waited_is_worked_off_some_at_a_time(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    slow = "!sleep 0.1"  # else all may be done before anybody looks

    def prepare(gateway: Gateway) -> None:
        with gateway.database.writing() as connection:
            for n in range(60):
                party = Party("push", f"x{n}", f"p{n}")
                meet(connection, party, Lease("desk:elsewhere:1:1#1", 0.0), time.time())
                put(connection, party.conversation, message(slow, "m"), slow, "digest", time.time())

    async with running(database_url, tmp_path, [brain_url], prepare=prepare, BOT_TURNS_AT_ONCE="2") as desk:
        most = 0
        while any(row.state == "pending" for row in rows(desk.gateway.database, "inbox")):
            most = max(most, desk.gateway.dispatcher.at_work)
            await asyncio.sleep(0.02)
        assert 0 < most <= 16
        assert len(rows(desk.gateway.database, "enquiries")) == 60
