"""What the console's browser tests begin with: a desk of its own, and people at their browsers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import Desk
from tests.browser.faultless import faultless
from tests.browser.serving import ROOT
from tests.browser.staffing import PASSWORD, add_account, log_in
from tests.support.busy import allowed

# What the browser says of a server that is down, or of a claim that came second, is no fault of our pages.
EXPECTED = ("net::ERR_", "WebSocket connection to", "status of 409", "EventSource")
PATIENCE = 15.0
PLACE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
STAFF = {
    "tzk1": ("投资科经办岗", "staff", "investment"),
    "tzk2": ("投资科综合岗", "staff", "investment"),
    "tzkz": ("投资科科长岗", "section_head", "investment"),
    "zbk1": ("装备科经办岗", "staff", "equipment"),
    "bgs1": ("办公室文书岗", "office", ""),
    "sjy1": ("审计岗", "auditor", ""),
}
# With MANUAL_PICTURES=1 the pictures of the manual are made anew; else they lie with the other artefacts.
RENEWS = os.environ.get("MANUAL_PICTURES") == "1"
COLOURS = 48
PICTURES = ROOT / ("docs/images/console" if RENEWS else "artefacts/console")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, trained_model: Any) -> Iterator[Desk]:
    """Run gateway, brain and console."""
    desk = Desk(tmp_path_factory.mktemp("desk"), trained_model.parent)
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def passwords(desk: Desk, browser: Browser) -> dict[str, str]:
    """Make every account as it is really made: the first by the command, the others in the browser."""
    once = desk.one_time_password("boss", "administrator", "系统管理岗")
    page = browser.new_page(viewport={"width": 1440, "height": 900}, **PLACE)
    log_in(page, desk.console, "boss", once)
    made = {login: add_account(page, desk.console, login, *given) for login, given in STAFF.items()}
    page.goto(f"{desk.console}/accounts")
    picture(page, "accounts")
    page.close()
    return made


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Give fresh browsers; at the end none may have found a fault in our pages."""
    size = {"width": 1440, "height": 900}
    with faultless(browser, allowed(PATIENCE), EXPECTED, viewport=size, **PLACE) as fresh:
        yield fresh


@pytest.fixture
def staff(
    desk: Desk, passwords: dict[str, str], visitor: Callable[..., BrowserContext]
) -> Callable[..., Page]:
    """Give a page on which a member of staff is in."""

    def enter(login: str, **options: Any) -> Page:
        page = visitor(**options).new_page()
        log_in(page, desk.console, login, passwords.pop(login, PASSWORD))
        return page

    return enter


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, in few colours so that it stays small."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    drawn = Image.open(BytesIO(page.screenshot(animations="disabled")))
    drawn.convert("RGB").quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


def open_chat(context: BrowserContext, desk: Desk) -> Page:
    """Open the web chat of an enterprise."""
    chat = context.new_page()
    chat.goto(desk.chat)
    chat.wait_for_selector('#state[data-state="open"]')
    return chat


def ask(chat: Page, text: str) -> None:
    """Ask in the web chat, and wait for an answer."""
    before = chat.locator("#log .message:not(.own)").count()
    chat.fill("#input", text)
    chat.press("#input", "Enter")
    chat.wait_for_function("n => document.querySelectorAll('#log .message:not(.own)').length > n", arg=before)
    expect(chat.locator("#typing")).to_be_hidden()


def connected(page: Page) -> None:
    """Wait until a page is connected again: a chat, or one that hears the console's news."""
    page.wait_for_function(
        """() => document.documentElement.dataset.line === 'open'
            || document.getElementById('state')?.dataset.state === 'open'"""
    )
