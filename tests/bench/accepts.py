"""Measures durable accepts: how many messages a second are committed and acknowledged, and how fast.

``python -m tests.bench.accepts [--database URL] [--rate 500] [--seconds 10]`` starts a gateway and a
stand-in brain as processes of their own and prints a table:

* ``open``: messages pushed over HTTP at a fixed rate, whether or not the earlier ones came back, while
  every one of them is also answered; the time runs from when a message was due to be sent.
* ``closed``: as many as will go, from so many callers who each wait for their acknowledgement.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.storage.tables import inbox
from tests.faults.worlds import Deployment, deployment

SENDERS = 200


@dataclass(frozen=True)
class Figures:
    """What was measured; times in milliseconds."""

    load: str
    accepted: int
    per_second: float
    p50: float
    p99: float
    worst: float

    def row(self) -> str:
        """Give a line of the table."""
        numbers = (
            f"{self.accepted:8d} {self.per_second:10.0f} {self.p50:8.1f} {self.p99:8.1f} {self.worst:8.1f}"
        )
        return f"{self.load:<14}{numbers}"


HEADER = f"{'load':<14}{'accepted':>8} {'per second':>10} {'p50 ms':>8} {'p99 ms':>8} {'worst ms':>8}"


class Pusher:
    """Pushes messages as a platform does, and takes the time."""

    def __init__(self, run: Deployment, session: aiohttp.ClientSession, name: str) -> None:
        self._address = f"http://127.0.0.1:{run.port}/push"
        self._session = session
        self._name = name
        self.times: list[float] = []

    async def push(self, number: int, since: float) -> None:
        """Push one message; the time is taken from ``since``."""
        sender = f"{self._name}{number % SENDERS}"
        body = {
            "message_id": f"{self._name}-{number}",
            "sender": sender,
            "text": f"专精特新怎么申请 {number}",
            "at": 1.0,
        }
        async with self._session.post(self._address, json=body) as response:
            assert response.status == 200, await response.text()
            await response.read()
        self.times.append(time.perf_counter() - since)

    def figures(self, load: str, seconds: float) -> Figures:
        """Give the figures."""
        times = sorted(self.times)
        p50, p99 = (times[min(len(times) - 1, int(len(times) * q))] * 1000 for q in (0.5, 0.99))
        return Figures(load, len(times), len(times) / seconds, p50, p99, times[-1] * 1000)


async def open_loop(pusher: Pusher, rate: float, seconds: float) -> Figures:
    """Push at a fixed rate."""
    began = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(pusher.push(number, due)))
    await asyncio.gather(*tasks)
    return pusher.figures(f"open {rate:.0f}/s", time.perf_counter() - began)


async def closed_loop(pusher: Pusher, callers: int, seconds: float) -> Figures:
    """Push as many as will go."""
    began = time.perf_counter()
    numbers = iter(range(10**9))

    async def caller() -> None:
        while time.perf_counter() - began < seconds:
            await pusher.push(next(numbers), time.perf_counter())

    await asyncio.gather(*(caller() for _ in range(callers)))
    return pusher.figures(f"closed {callers}", time.perf_counter() - began)


async def measure(url: str, folder: Path, rate: float, seconds: float) -> list[Figures]:
    """Start everything, measure, and hold that nothing that was acknowledged is missing."""
    async with deployment(url, folder) as run:
        await run.gateway.start()
        await run.ready()
        figures = []
        loads: list[tuple[str, Callable[[Pusher], Awaitable[Figures]]]] = [
            ("warm", lambda pusher: closed_loop(pusher, 8, 1.0)),
            ("open", lambda pusher: open_loop(pusher, rate, seconds)),
            ("closed8", lambda pusher: closed_loop(pusher, 8, seconds)),
            ("closed64", lambda pusher: closed_loop(pusher, 64, seconds)),
        ]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            for name, load in loads:
                pusher = Pusher(run, session, name)
                figures.append(await load(pusher))
                await run.settled(seconds=600)
        assert len(run.rows(inbox)) == sum(figure.accepted for figure in figures)
        return figures[1:]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", help="SQLite in a temporary folder when left out")
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/desk.db"
        figures = asyncio.run(measure(url, Path(folder), options.rate, options.seconds))
    print(HEADER)
    for figure in figures:
        print(figure.row())


if __name__ == "__main__":
    main()
