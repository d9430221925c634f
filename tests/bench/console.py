"""The console at work: ``python -m tests.bench.console [--open 1000] [--staff 50] [--together]``.

A console in a process of its own, with so many open handoffs and so many members of staff, each with a list
that hears the news and, as the page does, asks anew for what it shows. Each second an enterprise writes.
Measured are the list alone, the list while everybody works, and how long it takes from the commit of a
message until every page that it concerns shows it. The load comes from the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.brain.model_files import PROJECT
from bot.commands.ports import free_port
from bot.console.guard import digest, new_token
from bot.desk.accounts import Account
from bot.desk.catalogue import Catalogue
from bot.desk.staff import Role
from bot.storage import accounts, sessions
from bot.storage.catalogue_files import load_catalogue
from bot.storage.database import Database
from bot.storage.live_casework import LiveCasework
from tests.bench.load import percentile
from tests.console.cases import open_case, write
from tests.support.desk_process import process, wait_for

LIST_WITHIN, SHOWN_WITHIN = 0.2, 1.0
"""What issue 5 asks for, in seconds: the list at the 95th of 100, and a new message."""
PAGE_WAITS = (0.12, 0.4)  # list.js gathers news for so long before it asks anew
HEADS, OFFICE = 10, 3  # of every fifty


@dataclass
class Work:
    """What is set up: who works where, and the handoffs of each section."""

    tokens: dict[str, str]
    places: dict[str, str | None]
    conversations: dict[str, list[str]]


@dataclass
class Figures:
    """What was measured, in seconds."""

    alone: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)


def fill(
    database: Database, catalogue: Catalogue, waiting: int, staff: int, data: Path, together: bool
) -> Work:
    """Write handoffs and accounts, evenly over the sections or all in one, each account logged in."""
    chance = random.Random(5)
    sections = sorted(catalogue.bureau.sections)[: 1 if together else None]
    casework = LiveCasework(data, lambda: catalogue)()
    work, now = Work({}, {}, {section: [] for section in sections}), time.time()
    with database.writing() as connection:
        for n in range(waiting):
            conversation, section = f"webchat:b{n}", sections[n % len(sections)]
            at = now - chance.random() * 5 * 86400
            text = f"我公司想问一下第{n}号技改项目备案要什么材料,厂房还没有建好,可以先报吗"
            for k in range(6):
                write(connection, conversation, f"先问第{k}件事", at - 600 + k)
            open_case(connection, casework, section, text, at, conversation=conversation)
            work.conversations[section].append(conversation)
        for n in range(staff):
            role = Role.OFFICE if n % 50 < OFFICE else Role.SECTION_HEAD if n % 50 < HEADS else Role.STAFF
            section = None if role is Role.OFFICE else sections[n % len(sections)]
            login, token = f"bench{n}", new_token()
            home = section or catalogue.bureau.default_section
            made = accounts.add(connection, Account(0, login, f"岗位{n}", role, home), "-", 0.0, now)
            accounts.set_password(connection, made.id, "-", None)
            sessions.begin(connection, digest(token), made.id, new_token(), now)
            work.tokens[login], work.places[login] = token, section
    return work


class Page:
    """The list in one browser: hears the news, and asks anew as ``list.js`` does."""

    def __init__(self, session: aiohttp.ClientSession, url: str, place: str | None, figures: Figures) -> None:
        self._session, self._url, self._figures = session, url, figures
        self._news = asyncio.Event()
        self.place = place
        self.heard = asyncio.Event()
        self._awaited: tuple[float, asyncio.Future[None]] | None = None

    def wait_for(self, at: float) -> asyncio.Future[None]:
        """Give what is done when the page shows what was committed at this moment."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited = (at, future)
        return future

    async def run(self) -> None:
        """Hear and show until cancelled."""
        await asyncio.gather(self._hear(), self._show())

    async def _hear(self) -> None:
        async with self._session.get(f"{self._url}/events", timeout=aiohttp.ClientTimeout()) as stream:
            assert stream.status == 200, stream.status
            self.heard.set()
            async for line in stream.content:
                if not line.startswith(b"data: ") or "number" not in json.loads(line[6:]):
                    continue
                if self._awaited:
                    self._figures.told.append(time.perf_counter() - self._awaited[0])
                self._news.set()

    async def _show(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(random.uniform(*PAGE_WAITS))
            self._news.clear()
            awaited, self._awaited = self._awaited, None
            self._figures.busy.append(await fetch(self._session, self._url))
            if awaited:
                self._figures.shown.append(time.perf_counter() - awaited[0])
                awaited[1].set_result(None)


async def fetch(session: aiohttp.ClientSession, url: str) -> float:
    """Ask for the list as the page does; give the seconds it took."""
    began = time.perf_counter()
    async with session.get(f"{url}/handoffs", headers={"Accept": "text/html", "X-Refresh": "1"}) as answer:
        text = await answer.text()
        assert (answer.status, 'id="list"' in text) == (200, True)
    return time.perf_counter() - began


async def measure(url: str, work: Work, database: Database, seconds: int) -> Figures:
    """Let everybody work for so many seconds."""
    figures, pages, tasks, browsers = Figures(), [], [], []
    for login, token in work.tokens.items():
        browser = aiohttp.ClientSession(cookies={"desk_session": token})
        browsers.append(browser)
        pages.append(Page(browser, url, work.places[login], figures))
    for browser in browsers * 2:
        figures.alone.append(await fetch(browser, url))
    tasks = [asyncio.create_task(page.run()) for page in pages]
    await asyncio.wait_for(asyncio.gather(*(page.heard.wait() for page in pages)), 30)
    await asyncio.sleep(1)
    for n in range(seconds):
        section = sorted(work.conversations)[n % len(work.conversations)]
        conversation = work.conversations[section][n % len(work.conversations[section])]
        at = time.perf_counter()
        concerned = [page.wait_for(at) for page in pages if page.place in (None, section)]

        def say(connection: object, conversation: str = conversation, n: int = n) -> int:
            return write(connection, conversation, f"我再补充第{n}点", time.time())  # type: ignore[arg-type]

        await database.write(say)
        await asyncio.wait_for(asyncio.gather(*concerned), 30)
        await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - at)))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(browser.close() for browser in browsers))
    return figures


def table(figures: Figures) -> tuple[str, bool]:
    """Give the figures as a table, and whether they are within what is asked for."""
    lines = [f"{'':42}{'n':>6}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}  asked for"]
    rows = (
        ("list, nobody else at work", figures.alone, LIST_WITHIN, "p95"),
        ("list, everybody at work", figures.busy, LIST_WITHIN, "p95"),
        ("message committed to heard by a page", figures.told, SHOWN_WITHIN, "max"),
        ("message committed to shown in the list", figures.shown, SHOWN_WITHIN, "max"),
    )
    good = True
    for name, values, within, what in rows:
        p50, p95, most = (1000 * x for x in (percentile(values, 50), percentile(values, 95), max(values)))
        held = (p95 if what == "p95" else most) <= within * 1000
        good = good and held
        asked = f"{what} {within * 1000:.0f}{'' if held else '  NOT HELD'}"
        lines.append(f"{name:42}{len(values):>6}{p50:>9.1f}{p95:>9.1f}{most:>9.1f}  {asked}")
    return "\n".join(lines), good


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and give 1 when something is slower than it should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--open", type=int, default=1000)
    parser.add_argument("--staff", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--together", action="store_true", help="all in one section: news concerns everybody")
    parser.add_argument("--database", help="an empty PostgreSQL database; a new SQLite file without")
    options = parser.parse_args(arguments)
    data = PROJECT / "data"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'desk.db'}"
        database = Database(url)
        database.open()
        work = fill(
            database, load_catalogue(data).catalogue, options.open, options.staff, data, options.together
        )
        port = free_port("127.0.0.1")
        environment = {
            **{"BOT_VAR": str(folder / "var"), "DATABASE_URL": url, "BOT_CONSOLE_PORT": str(port)},
            **{"BOT_ALLOW_SAMPLES": "1", "BOT_LOG_LEVEL": "WARNING", "BOT_DATA": str(data)},
        }
        log = folder / "console.log"
        with process([sys.executable, "-m", "bot.console"], PROJECT, environment, log):
            wait_for(f"http://127.0.0.1:{port}/health", log)
            figures = asyncio.run(measure(f"http://127.0.0.1:{port}", work, database, options.seconds))
        database.close_now()
    kind = url.partition(":")[0]
    print(
        f"{options.open} open handoffs, {options.staff} members of staff, {kind},"
        f" {'all in one section' if options.together else 'over all sections'}, load {os.getloadavg()[0]:.1f}"
    )
    shown, good = table(figures)
    print(shown)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
