"""Puts a platform's load on an official account: ``python -m tests.bench.account_load [--seconds 600]``.

Users write at a fixed rate, a part of the pushes comes more than once, and the brain is killed on the way.
Gateway and brain are processes of their own, the platform and its API are in this one. Every message must be
answered exactly once, in the order of its user, and acknowledged within the platform's five seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.faults.worlds import Deployment, deployment
from tests.support.account_client import Answer, Client, Pushed, environment
from tests.support.platform import GARBAGE, RESET, Platform, platform

LIMIT = 5.0
"""Seconds after which the platform hangs up."""


@dataclass(frozen=True)
class Load:
    """What is put on. ``repeated`` is the share of pushes that come more than once, ``kills`` of the brain.

    ``busy``: so many seconds the brain takes for each message. ``trouble``: the share of calls of the
    platform's API that fail, by turns as busy, cut off, garbage, or with a token that has ended.
    """

    mode: str = "secure"
    users: int = 50
    rate: float = 5.0
    seconds: float = 600.0
    repeated: float = 1 / 3
    kills: int = 2
    busy: float = 0.0
    trouble: float = 0.0
    seed: int = 1


@dataclass
class Told:
    """A message that was put: by whom, and its text, which stands in every answer to it."""

    user: str
    text: str


@dataclass
class Figures:
    """What came of it. Times are in seconds."""

    messages: int
    pushes: int
    passive: int
    held: int
    lost: list[str]
    doubled: list[str]
    out_of_order: list[str]
    late: int
    failed: int
    acknowledged: Sequence[float]

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        return not (self.lost or self.doubled or self.out_of_order or self.late or self.failed)

    def quantile(self, percent: float) -> float:
        """Give the seconds within which so many percent of the pushes were answered."""
        ordered = sorted(self.acknowledged)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def lines(self) -> list[str]:
        """Give the figures as lines of text."""
        quantiles = {f"p{q}": self.quantile(q) * 1000 for q in (50, 95, 99, 99.9)}
        times = "  ".join(f"{name} {value:.0f} ms" for name, value in quantiles.items())
        return [
            f"messages {self.messages}, pushes {self.pushes}, answered passively {self.passive}",
            f"acknowledged in: {times}  longest {max(self.acknowledged) * 1000:.0f} ms",
            f"held until they wrote again {self.held}",
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, out of order {len(self.out_of_order)}, "
            f"late {self.late}, pushes that failed {self.failed}",
        ]


class Users:
    """All users of the load, and the platform between them and the gateway."""

    def __init__(self, load: Load, run: Deployment, fake: Platform, session: aiohttp.ClientSession) -> None:
        self._load = load
        self._run = run
        self._fake = fake
        self._client = Client(session, load.mode, f"http://127.0.0.1:{run.port}")
        self._chance = random.Random(load.seed)
        self._told: dict[str, Told] = {}
        self._times: list[float] = []
        self._passive = self._late = self._failed = self._held = 0
        self._busy = {f"user-{n}": asyncio.Lock() for n in range(load.users)}

    async def write(self) -> None:
        """Write at the rate, to the end of the time."""
        began, pushing = time.monotonic(), []
        for number in range(int(self._load.rate * self._load.seconds)):
            await asyncio.sleep(max(0.0, began + number / self._load.rate - time.monotonic()))
            user = f"user-{self._chance.randrange(self._load.users)}"
            slow = f"!sleep {self._load.busy} " if self._load.busy else ""
            pushing.append(asyncio.ensure_future(self._one(user, f"问题{number}号", slow)))
            self._disturb()
        await asyncio.gather(*pushing)

    async def settled(self, seconds: float = 30.0) -> None:
        """Wait until every message has an answer, or the time is over; then see whether more come.

        What the platform would not take is held until its user writes again: those who wait write once more.
        """
        await self._all_answered(seconds)
        waiting = {one.user for one in self._told.values() if not self._answers(one)}
        self._held = len(waiting)
        self._fake.says.clear()
        await asyncio.gather(*(self._one(user, f"还在吗{user}", "") for user in waiting))
        await self._all_answered(seconds if waiting else 0)
        await asyncio.sleep(3.0)

    async def _all_answered(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(not self._answers(one) for one in self._told.values()):
            await asyncio.sleep(0.2)

    def figures(self) -> Figures:
        """Give what came of it."""
        lost = [text for text, one in self._told.items() if not self._answers(one)]
        doubled = [text for text, one in self._told.items() if len(self._answers(one)) > 1]
        pushes = len(self._times) + self._failed
        wrong = [user for user in self._busy if not self._in_order(user)]
        return Figures(
            len(self._told),
            pushes,
            self._passive,
            self._held,
            lost,
            doubled,
            wrong,
            self._late,
            self._failed,
            self._times,
        )

    def _disturb(self) -> None:
        if self._chance.random() < self._load.trouble:
            trouble = self._chance.choice((-1, RESET, GARBAGE, 42001))
            self._fake.expire() if trouble == 42001 else self._fake.says.append(trouble)

    async def _one(self, user: str, text: str, slow: str) -> None:
        pushed = self._client.text(user, f"{slow}{text}")
        self._told[text] = Told(user, text)
        async with self._busy[user]:
            # The platform's own order: a user's next message is pushed when the last one was taken.
            self._fake.wrote(user)
            await self._push(user, pushed)
        if self._chance.random() < self._load.repeated:
            for _ in range(self._chance.choice((1, 1, 2))):
                await asyncio.sleep(self._chance.choice((0.0, 0.2, 1.0)))
                await self._push(user, pushed)

    async def _push(self, user: str, pushed: Pushed) -> None:
        """Push until it is taken, as the platform does, three times at most."""
        for _ in range(3):
            began = time.monotonic()
            try:
                answer: Answer = await self._client.push(pushed, LIMIT)
            except asyncio.TimeoutError:
                self._late += 1
                continue
            except aiohttp.ClientError:
                continue
            self._times.append(time.monotonic() - began)
            if answer.status != 200:
                continue
            if answer.text is not None:
                self._passive += 1
                self._fake.arrived[user].append(answer.text)
            return
        self._failed += 1

    def _answers(self, one: Told) -> list[str]:
        """Give what the user was shown for a message; several answers may stand in one text."""
        shown = self._fake.arrived[one.user]
        return [part for text in shown for part in text.split("\n\n") if one.text in part]

    def _in_order(self, user: str) -> bool:
        mine = [text for text, one in self._told.items() if one.user == user]
        shown = "\n".join(self._fake.arrived[user])
        places = [shown.find(text) for text in mine if text in shown]
        return places == sorted(places)


async def measure(load: Load, folder: Path, url: str | None = None) -> Figures:
    """Put the load on and give the figures. The machine's other load counts, too."""
    async with platform() as (fake, api):
        fake.quota = 5
        settings = environment(load.mode, api, BOT_LOG_LEVEL="WARNING", SEARCH="1")
        async with deployment(url or f"sqlite:///{folder / 'desk.db'}", folder, **settings) as run:
            await run.gateway.start()
            await run.ready()
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                users = Users(load, run, fake, session)
                writing = asyncio.ensure_future(users.write())
                await _kill_brains(load, run)
                await writing
                await users.settled()
                return users.figures()


async def _kill_brains(load: Load, run: Deployment) -> None:
    """Kill the brain so often, evenly over the time; it is away for a twentieth of the time."""
    pause = load.seconds / (load.kills + 1)
    for _ in range(load.kills):
        await asyncio.sleep(pause - load.seconds / 20)
        await run.brain.kill()
        await asyncio.sleep(load.seconds / 20)
        await run.brain.start()


def main() -> None:
    """Measure, print the figures, and fail when the promise was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600.0, help="how long (600)")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--rate", type=float, default=5.0, help="messages a second (5)")
    parser.add_argument("--mode", default="secure", choices=("plain", "compatible", "secure", "yixin"))
    parser.add_argument("--busy", type=float, default=0.0, help="seconds that the brain takes for a message")
    parser.add_argument("--trouble", type=float, default=0.0, help="share of the platform's calls that fail")
    options = parser.parse_args()
    load = Load(**vars(options))
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(load, Path(folder)))
    print(f"{load}, the machine's load {os.getloadavg()[0]:.1f}")
    print("\n".join(figures.lines()))
    sys.exit(0 if figures.good else 1)


if __name__ == "__main__":
    main()
