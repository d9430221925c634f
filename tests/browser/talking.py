"""What a person does on the page, and what stands on it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

QUESTION = "专精特新要什么材料?"


def ask(page: Page, text: str = QUESTION) -> None:
    """Type a question and send it with Enter."""
    page.fill("#input", text)
    page.press("#input", "Enter")


def answered(page: Page, text: str = QUESTION) -> None:
    """Ask, and wait until the answer stands below the question."""
    before = page.locator("#log .message:not(.own)").count()
    ask(page, text)
    page.wait_for_function("n => document.querySelectorAll('#log .message:not(.own)').length > n", arg=before)
    expect(page.locator("#log .message.own").last).to_have_attribute("data-state", "delivered")


def settled(page: Page) -> None:
    """Wait until replies have stopped coming."""
    expect(page.locator("#typing")).to_be_hidden()
    page.wait_for_timeout(300)


def lines(page: Page) -> list[tuple[str, str]]:
    """Give what stands on the page: who, and what, without the question that a late answer quotes."""
    return [
        (str(author), str(text))
        for author, text in page.eval_on_selector_all(
            "#log .message",
            """all => all.map(n => [n.dataset.author,
                [...n.querySelectorAll('.line')].map(line => line.innerText).join('\\n')])""",
        )
    ]


def own(page: Page) -> list[str]:
    """Give what the enquirer said."""
    return [text for author, text in lines(page) if author == "own"]
