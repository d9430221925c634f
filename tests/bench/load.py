"""Puts load on a bot over HTTP and measures: latencies, turns a second, processor time and memory."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
import psutil

TURNS_A_CONVERSATION = 10
# Puts one message of a conversation; raises when the answer is empty or an error.
Put = Callable[[aiohttp.ClientSession, str, str], Awaitable[None]]


@dataclass(frozen=True)
class Bot:
    """What is measured: how a message is put to it, what is asked, and its processes."""

    name: str
    put: Put
    questions: Sequence[str]
    processes: Sequence[psutil.Process]

    def cpu(self) -> float:
        """Give the processor seconds that its processes have used so far."""
        times = [process.cpu_times() for process in self.processes]
        return sum(t.user + t.system for t in times)

    def memory(self) -> float:
        """Give the megabytes that its processes hold."""
        return sum(process.memory_info().rss for process in self.processes) / 1e6


@dataclass(frozen=True)
class Measured:
    """What one load came to. Latencies are in milliseconds; ``cpu`` is milliseconds a turn, of the bot.

    ``others`` is how many cores were busy with neither the bot nor this load: above about a tenth, the
    figures tell more about the machine than about the bot.
    """

    users: int
    turns: int
    p50: float
    p95: float
    rate: float
    cpu: float
    memory: float
    others: float
    errors: int


async def load(bot: Bot, users: int, seconds: float) -> Measured:
    """Let so many users talk for so long, each putting the next message when the last one is answered."""
    async with client() as session:
        await _users(bot, session, min(users, 4), 1.0)  # what is made on first use is made now
        cpu, all_cpu, own, began = bot.cpu(), machine(), time.process_time(), time.perf_counter()
        latencies, errors = await _users(bot, session, users, seconds)
        took = time.perf_counter() - began
        used = bot.cpu() - cpu
        others = machine() - all_cpu - used - (time.process_time() - own)
    turns = len(latencies)
    return Measured(
        users=users,
        turns=turns,
        p50=percentile(latencies, 50),
        p95=percentile(latencies, 95),
        rate=turns / took,
        cpu=used * 1000 / max(turns, 1),
        memory=bot.memory(),
        others=max(others / took, 0.0),
        errors=errors,
    )


def machine() -> float:
    """Give the processor seconds that all programs of the machine have used so far."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice + times.irq + times.softirq)


async def _users(
    bot: Bot, session: aiohttp.ClientSession, users: int, seconds: float
) -> tuple[list[float], int]:
    end = time.perf_counter() + seconds
    latencies: list[float] = []
    errors: list[str] = []

    async def user(number: int) -> None:
        questions = itertools.cycle(bot.questions[number % len(bot.questions) :] + bot.questions[:number])
        while time.perf_counter() < end:
            conversation = uuid.uuid4().hex
            for question in itertools.islice(questions, TURNS_A_CONVERSATION):
                if time.perf_counter() >= end:
                    return
                began = time.perf_counter()
                try:
                    await bot.put(session, conversation, question)
                except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
                    errors.append(repr(error))
                else:
                    latencies.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(user(number) for number in range(users)))
    return latencies, len(errors)


async def growth(bot: Bot, marks: Sequence[int], seconds: float, around: int = 20) -> dict[int, float]:
    """Give the median latency in milliseconds around those turns of one conversation.

    Ends after ``seconds``; a mark that was not reached by then is not in the answer. The first mark is
    the median over ``around`` conversations of their first turn.
    """
    took: list[float] = []
    async with client() as session:
        firsts = [await _timed(bot, session, uuid.uuid4().hex, 0) for _ in range(around)]
        conversation, end = uuid.uuid4().hex, time.perf_counter() + seconds
        while len(took) < marks[-1] + around // 2 and time.perf_counter() < end:
            took.append(await _timed(bot, session, conversation, len(took)))
    found = {1: statistics.median(firsts)}
    for mark in marks[1:]:
        part = took[mark - around // 2 : mark + around // 2]
        if len(part) == around:
            found[mark] = statistics.median(part)
    return found


async def _timed(bot: Bot, session: aiohttp.ClientSession, conversation: str, turn: int) -> float:
    began = time.perf_counter()
    await bot.put(session, conversation, bot.questions[turn % 2])  # two questions: their costs are near
    return (time.perf_counter() - began) * 1000


def client() -> aiohttp.ClientSession:
    """Give a client that waits up to a minute and opens as many connections as there are users."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60)
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Give the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else float("nan")
