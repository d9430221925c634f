"""A real browser, a server to point it at, and the checks that hold for every page it shows."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.faultless import faultless
from tests.browser.serving import ROOT, Product

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTEFACTS = ROOT / "artefacts" / "webchat"
# What the browser says of a server that is down, or of a frame that was rightly refused, is no fault.
EXPECTED = ("net::ERR_", "WebSocket connection to", 'directive: "frame-ancestors')


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve the chat: scripted, or by the command in WEBCHAT_COMMAND."""
    product = Product(tmp_path_factory.mktemp("served"))
    product.start()
    yield product
    product.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser of the machine."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{CHROMIUM} is missing; with CI=true this fails")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, product: Product) -> Iterator[Callable[..., BrowserContext]]:
    """Give fresh browsers, each with a storage of its own; at the end none may have found a fault."""
    size = {"width": 1280, "height": 800}
    with faultless(browser, product.patience, EXPECTED, viewport=size, locale="zh-CN") as fresh:
        yield fresh


@pytest.fixture
def page(person: Callable[..., BrowserContext], product: Product) -> Page:
    """Open the chat in a fresh browser on a desktop."""
    return visit(person(), product)


def visit(context: BrowserContext, product: Product, path: str = "/") -> Page:
    """Open the chat and wait until it is connected."""
    page = context.new_page()
    page.goto(product.url + path)
    page.wait_for_selector('#state[data-state="open"]')
    return page


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of a page under artefacts/webchat."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=str(ARTEFACTS / f"{name}.png"))

    return keep


@pytest.fixture
def site(tmp_path: Path, product: Product) -> Iterator[str]:
    """Serve another site that embeds the chat. Gives its address."""
    script = f'<script src="{product.url}/chat/widget.js"></script>'
    body = f'<!doctype html><html lang="zh"><title>别的网站</title><h1>别的网站</h1>{script}'
    for name in ("index.html", "strict.html"):
        (tmp_path / name).write_text(body, encoding="utf-8")
    (tmp_path / "favicon.ico").touch()
    policy = f"default-src 'none'; img-src 'self'; script-src {product.url}; frame-src {product.url}"
    handler = functools.partial(Elsewhere, policy=policy, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", product.site_port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{product.site_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


class Elsewhere(http.server.SimpleHTTPRequestHandler):
    """Serves the files of another site; its strict page has a content security policy."""

    def __init__(self, *args: Any, policy: str, **more: Any) -> None:
        self._policy = policy
        super().__init__(*args, **more)

    def end_headers(self) -> None:
        if self.path.startswith("/strict"):
            self.send_header("Content-Security-Policy", self._policy)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass
