"""Browsers for tests, each with a storage of its own, that may find no fault in our pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect


@contextmanager
def faultless(
    browser: Browser, patience: float, expected: Sequence[str], **usual: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """Give what makes fresh browsers; at the end none may have found a fault that is not ``expected``.

    ``patience`` is in seconds; ``usual`` are the options of a browser that is told no others.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    expect.set_options(timeout=patience * 1000)

    def fresh(**options: Any) -> BrowserContext:
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(patience * 1000)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        contexts.append(context)
        return context

    yield fresh
    for context in contexts:
        context.close()
    assert [fault for fault in faults if not any(part in fault for part in expected)] == []
