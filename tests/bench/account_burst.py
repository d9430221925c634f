"""Puts many pushes on an official account at once: ``python -m tests.bench.account_burst [--pushes 200]``.

Every push is of another user, in secure mode, and all are put in the same moment, several times over. The
brain answers at once, takes ten seconds, or is dead; the database can be under load from somebody else. Told
is how long the platform waited for each, and whether all were answered in the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.faults.worlds import Deployment, deployment
from tests.support.account_client import Client, Pushed, environment
from tests.support.platform import Platform, platform
from tests.support.postgres import Cluster, newest_programs

BRAINS = {"quick": "", "slow": "!sleep 10 ", "dead": ""}


@dataclass(frozen=True)
class Burst:
    """What is put on: so many pushes at once, so often, ``pause`` seconds apart, on a busy database."""

    brain: str = "quick"
    pushes: int = 200
    times: int = 3
    pause: float = 4.0
    loaded: bool = False


@dataclass
class Figures:
    """What came of it. Times are in seconds."""

    acknowledged: Sequence[float]
    failed: int
    lost: int
    doubled: int

    def quantile(self, percent: float) -> float:
        """Give the seconds within which so many percent of the pushes were acknowledged."""
        ordered = sorted(self.acknowledged)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def line(self) -> str:
        """Give the figures as a line of text."""
        times = "  ".join(f"p{q} {self.quantile(q) * 1000:.0f} ms" for q in (50, 99, 99.9))
        longest = max(self.acknowledged) * 1000
        return (
            f"{times}  longest {longest:.0f} ms  failed {self.failed} lost {self.lost} doubled {self.doubled}"
        )


async def measure(burst: Burst, folder: Path, url: str | None = None) -> Figures:
    """Put the burst on and give the figures. The machine's other load counts, too."""
    url = url or f"sqlite:///{folder / 'desk.db'}"
    async with platform() as (fake, api):
        settings = environment("secure", api, BOT_LOG_LEVEL="ERROR", SEARCH="1", BOT_BRAIN_BUDGET="6")
        async with deployment(url, folder, **settings) as run:
            await run.gateway.start()
            await run.ready()
            if burst.brain == "dead":
                await run.brain.kill()
            async with _loaded(url, burst.loaded):
                return await _burst(burst, run, fake)


async def _burst(burst: Burst, run: Deployment, fake: Platform) -> Figures:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        client = Client(session, "secure", f"http://127.0.0.1:{run.port}")
        texts = {
            f"user-{n}": [f"{BRAINS[burst.brain]}第{t}次第{n}号" for t in range(burst.times)]
            for n in range(burst.pushes)
        }
        times: list[float | None] = []
        for number in range(burst.times):
            ready = [(user, client.text(user, mine[number])) for user, mine in texts.items()]
            times += await asyncio.gather(*(_push(client, fake, *one) for one in ready))
            await asyncio.sleep(burst.pause)
        await _settled(fake, texts, 60 + burst.pushes * burst.times / 32 * 6 * (burst.brain == "slow"))
    counts = [_count(fake, user, text) for user, mine in texts.items() for text in mine]
    kept = [spent for spent in times if spent is not None]
    return Figures(kept, len(times) - len(kept), counts.count(0), sum(n > 1 for n in counts))


async def _push(client: Client, fake: Platform, user: str, pushed: Pushed) -> float | None:
    try:
        answer = await client.push(pushed)
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return None
    if answer.text is not None:
        fake.arrived[user].append(answer.text)
    return answer.seconds if answer.status == 200 else None


def _count(fake: Platform, user: str, text: str) -> int:
    return sum(shown.count(text) for shown in fake.arrived[user])


async def _settled(fake: Platform, texts: dict[str, list[str]], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if all(_count(fake, user, text) for user, mine in texts.items() for text in mine):
            break
        await asyncio.sleep(0.3)
    await asyncio.sleep(2.0)


@contextlib.asynccontextmanager
async def _loaded(url: str, loaded: bool) -> AsyncIterator[None]:
    """Have somebody else write a lot to the database, in transactions of a quarter of a second."""
    over = asyncio.Event()
    writing = asyncio.create_task(asyncio.to_thread(_write, url, over)) if loaded else None
    try:
        yield
    finally:
        over.set()
        if writing:
            await writing


def _write(url: str, over: asyncio.Event) -> None:
    engine = sa.create_engine(url, future=True)
    while not over.is_set():
        with contextlib.suppress(DBAPIError), engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS someone_else (text TEXT)"))
            for _ in range(50):
                connection.execute(sa.text("INSERT INTO someone_else VALUES (:t)"), {"t": "x" * 4000})
                time.sleep(0.005)
        time.sleep(0.25)
    engine.dispose()


def main() -> None:
    """Measure, print the figures, and fail when a push waited too long or an answer was lost or doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pushes", type=int, default=200, help="at once (200)")
    parser.add_argument("--times", type=int, default=3, help="how often (3)")
    parser.add_argument("--brain", choices=BRAINS, help="one of the three; all, unless given")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    good = True
    for brain in [options.brain] if options.brain else BRAINS:
        for loaded in (False, True):
            burst = Burst(brain, options.pushes, options.times, loaded=loaded)
            figures = _measured(burst, options.postgres)
            print(f"{burst}, the machine's load {os.getloadavg()[0]:.1f}\n  {figures.line()}", flush=True)
            broken = figures.failed or figures.lost or figures.doubled
            good = good and not broken and figures.quantile(99.9) < 1.0
    sys.exit(0 if good else 1)


def _measured(burst: Burst, on_postgres: bool) -> Figures:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(_postgres()) if on_postgres else None
        return asyncio.run(measure(burst, folder, url))


@contextlib.contextmanager
def _postgres() -> Iterator[str]:
    programs = newest_programs()
    if programs is None:
        sys.exit("no PostgreSQL server on this machine")
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        cluster = Cluster(programs, Path(home) / "cluster")
        cluster.create()
        cluster.start()
        try:
            cluster.sql("CREATE DATABASE desk")
            yield cluster.url("desk")
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
