"""A console in the test's own event loop, on a real database, with an account of every role."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import argon2
import pytest
import sqlalchemy as sa
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from bot.console.service import Console, World
from bot.desk.accounts import Account
from bot.desk.catalogue import Catalogue
from bot.desk.staff import Role
from bot.search.live import LiveSearch
from bot.settings import read_settings
from bot.storage import accounts
from bot.storage.all_tables import metadata
from bot.storage.lexicon_files import load_lexicon
from bot.storage.passwords import Passwords
from bot.storage.responses_files import load_phrases, load_words
from tests.samples import catalogue

PASSWORD = "correct-horse-9"
SECTION = {Role.STAFF: "investment", Role.SECTION_HEAD: "investment", Role.OFFICE: "office"}


@lru_cache(maxsize=1)
def samples() -> LiveSearch:
    """Search the catalogue of the samples."""
    data = Path("data")
    search = LiveSearch(load_lexicon(data), load_words(data), load_phrases(data), samples=True)
    search.replace(catalogue())
    return search


def quick() -> Passwords:
    """Hash with so little work that tests need not wait."""
    return Passwords(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Clock:
    """A clock that stands until it is moved on."""

    now: float = 1_795_500_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """One browser: its cookies, and the token of the forms it was given last."""

    client: TestClient[Any, Any]
    csrf: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, status: int = 200, **more: Any) -> str:
        """Open a page as a person does, and remember its form token."""
        headers = {"Accept": "text/html", **more.pop("headers", {})}
        async with self.client.get(path, headers=headers, **more) as answer:
            text = await answer.text()
            assert answer.status == status, f"{path}: {answer.status} {text[:400]}"
        found = re.search(r'name="csrf" (?:content|value)="([^"]*)"', text)
        if found and found[1]:
            self.csrf = found[1]
        return text

    async def post(self, path: str, status: int = 303, html: bool = True, **fields: str) -> tuple[str, str]:
        """Send a form; give the text and where it leads."""
        headers = {"Accept": "text/html" if html else "application/json"}
        data = {"csrf": self.csrf, **fields}
        async with self.client.post(path, data=data, headers=headers, allow_redirects=False) as answer:
            text = await answer.text()
            assert answer.status == status, f"{path}: {answer.status} {text[:600]}"
            return text, answer.headers.get("Location", "")

    async def log_in(self, login: str, password: str = PASSWORD, status: int = 303) -> str:
        """Log in."""
        await self.get("/login")
        text, where = await self.post("/login", status, login=login, password=password)
        if status == 303:
            await self.get("/help" if where != "/password" else "/password")
        return where or text


@dataclass
class Running:
    """A console that runs."""

    console: Console
    server: TestServer
    clock: Clock
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """Give a fresh browser."""
        browser = Browser(TestClient(self.server, cookie_jar=CookieJar(unsafe=True)))
        self.browsers.append(browser)
        return browser

    async def enter(self, login: str) -> Browser:
        """Give a browser in which this login is in."""
        browser = self.browser()
        await browser.log_in(login)
        return browser

    def rows(self, table: str) -> list[Any]:
        """Give all rows of a table."""
        chosen = metadata.tables[table]
        with self.console.database.reading() as connection:
            return list(connection.execute(sa.select(chosen).order_by(*chosen.primary_key.columns)))


def add_account(console: Console, login: str, role: Role, section: str | None = None) -> Account:
    """Add an account whose password is ``PASSWORD``, chosen by its holder."""
    hashed = console.services.passwords.hash(PASSWORD)
    with console.database.writing() as connection:
        section = section or SECTION.get(role)
        made = accounts.add(connection, Account(0, login, f"{login}岗", role, section), hashed, 0.0, 1.0)
        accounts.set_password(connection, made.id, hashed, None)
    return made


@asynccontextmanager
async def running(
    url: str,
    folder: Path,
    known: Callable[[], Catalogue] | None = None,
    search: Callable[[], LiveSearch] | None = None,
    **environment: str,
) -> AsyncIterator[Running]:
    """Run a console with one account for each role; each login is the role's name."""
    settings = read_settings({"DATABASE_URL": url, "BOT_VAR": str(folder / "var"), **environment})
    clock = Clock()
    held = catalogue()
    world = World(clock=clock, passwords=quick, catalogue=known or (lambda: held), search=search or samples)
    console = Console(settings, world)
    console.open()
    for role in Role:
        add_account(console, role.value.replace("_", "-"), role)
    server = TestServer(console.application())
    await server.start_server()
    await console.start(str(server.make_url("")))
    it = Running(console, server, clock)
    try:
        yield it
    finally:
        await console.services.feed.stop()
        for browser in it.browsers:
            await browser.client.close()
        await server.close()
        await console.stop()


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """A console on each kind of database."""
    async with running(database_url, tmp_path) as it:
        yield it


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Running]:
    """A console on SQLite."""
    async with running(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path) as it:
        yield it
