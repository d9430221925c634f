"""Tests of bot.channels.official_account.lines: how long a push is held, and which line an answer takes."""

from __future__ import annotations

import asyncio
import time

from bot.channels.official_account.lines import Lines
from bot.channels.official_account.options import Patience
from bot.channels.official_account.rush import CALM, CROWD, FEW, OVER_AFTER, VAIN, Rush


def lines(**patience: float) -> Lines:
    return Lines(Patience(**{"passive": 0.6, "quick": 0.1, **patience}), time.monotonic)


async def held(all_lines: Lines, user: str, patient: bool = False) -> float:
    """Open a line and give how long it was held without an answer."""
    line = all_lines.open(user, "m", time.monotonic(), patient)
    assert await all_lines.wait(line) is None
    all_lines.close(line)
    return time.monotonic() - line.opened


async def test_one_line_is_held_for_the_whole_time() -> None:
    assert await held(lines(), "u") >= 0.6


async def test_a_few_are_held_and_more_are_let_go_early() -> None:
    one = lines()
    few = await asyncio.gather(*(held(one, f"u{n}") for n in range(FEW)))
    assert min(few) >= 0.55
    many = await asyncio.gather(*(held(one, f"v{n}") for n in range(FEW + 1)))
    assert 0.1 <= max(many) < 0.55


async def test_those_that_were_held_are_let_go_when_more_come() -> None:
    one = lines()
    first = asyncio.ensure_future(held(one, "u"))
    await asyncio.sleep(0.25)
    await asyncio.gather(*(held(one, f"v{n}") for n in range(FEW)))
    assert await first < 0.55


async def test_a_retry_is_no_message_more() -> None:
    one = lines()
    assert min(await asyncio.gather(*(held(one, "u") for _ in range(FEW + 3)))) >= 0.55


async def test_in_a_crowd_nobody_is_held() -> None:
    one = lines(quick=0.5)
    first = [one.open(f"u{n}", "m", time.monotonic()) for n in range(CROWD)]
    assert all(line.free for line in first)
    assert await held(one, "v") < 0.3
    assert not any(line.free for line in first)
    assert all(line.crowded for line in first)


async def test_who_was_held_in_vain_again_and_again_is_held_no_longer() -> None:
    one = lines(passive=0.2)
    for _ in range(VAIN):
        assert await held(one, "u") >= 0.2
    assert await held(one, "u") < 0.19
    for number in range(CALM):
        line = one.open("u", f"n{number}", time.monotonic())
        one.asks(line)
        one.ready("u", f"n{number}")  # at once, again and again: it pays again
        one.close(line)
    assert await held(one, "u") >= 0.2


def test_a_rush_ends_with_quick_answers_in_a_row_or_with_a_rest() -> None:
    rush = Rush(0.5)
    rush.comes(FEW, 0.0)
    assert not rush.on
    rush.comes(FEW + 1, 1.0)
    for _ in range(CALM - 1):
        rush.answered(0.4)
    rush.answered(0.6)
    for _ in range(CALM - 1):
        rush.answered(0.4)
    assert rush.on
    rush.answered(0.4)
    assert not rush.on
    rush.comes(FEW + 1, 2.0)
    rush.comes(1, 2.0 + OVER_AFTER)
    assert rush.on
    rush.comes(1, 3.0 + 2 * OVER_AFTER)
    assert not rush.on


async def test_an_account_without_an_api_holds_every_line() -> None:
    one = lines()
    assert min(await asyncio.gather(*(held(one, f"u{n}", patient=True) for n in range(50)))) >= 0.55


async def test_an_answer_takes_the_newest_line_of_its_message() -> None:
    one = lines()
    old, new, other = (one.open("u", message, time.monotonic()) for message in "aab")
    assert one.free("u", "a") is new
    assert one.free("u") is other
    assert one.free("u", "c") is one.free("v") is None
    giving = asyncio.ensure_future(new.give("x"))
    assert await one.wait(new) == "x"
    new.written.set_result(True)
    assert await giving
    assert one.free("u", "a") is old
    one.release("u", "a")
    assert one.free("u", "a") is None
    assert one.free("u") is other


async def test_what_was_not_written_is_known_not_to_be() -> None:
    one = lines()
    line = one.open("u", "a", time.monotonic())
    giving = asyncio.ensure_future(line.give("x"))
    await asyncio.sleep(0)
    one.close(line)
    assert not await giving


async def test_what_was_told_is_told_again_only_when_the_platform_has_given_up_waiting() -> None:
    now = 0.0
    one = Lines(Patience(), lambda: now)
    line = one.open("u", "a", 0.0)
    one.tell(line, "x")
    one.close(line)
    now = 4.0
    assert one.again("u", "a") is None
    now = 5.0
    assert one.again("u", "a") == "x"
    assert one.again("u", "b") is None


async def test_the_api_does_not_overtake_what_just_went_back_on_a_line() -> None:
    one = lines()
    began = time.monotonic()
    await one.shown("u")
    assert time.monotonic() - began < 0.2
    one.tell(one.open("u", "a", began), "x")
    await one.shown("v")
    assert time.monotonic() - began < 0.2
    await one.shown("u")
    assert time.monotonic() - began >= 0.29
