"""The widget on another site: one script tag, a button, the chat in a frame."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.serving import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Person = Callable[..., BrowserContext]
Shot = Callable[[Page, str], None]
BUTTON = "在线咨询"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
def test_a_question_is_answered_inside_another_site(
    person: Person, site: str, shot: Shot, width: int, height: int
) -> None:
    page = person(viewport={"width": width, "height": height}).new_page()
    page.goto(site)
    assert len(page.frames) == 1  # nothing is loaded before it is wanted
    page.get_by_role("button", name=BUTTON).click()
    chat = page.frame_locator("iframe")
    expect(chat.locator("#state")).to_have_text("已连接")
    expect(chat.locator("#input")).to_be_focused()
    page.keyboard.type("专精特新要什么材料?")
    page.keyboard.press("Enter")
    expect(chat.locator("#log .bot").first).to_be_visible()
    shot(page, f"widget-{width}")
    page.reload()
    page.get_by_role("button", name=BUTTON).click()
    expect(chat.locator("#log .own")).to_have_count(1)


def test_it_opens_and_closes_from_the_keyboard(person: Person, site: str) -> None:
    page = person().new_page()
    page.goto(site)
    button = page.get_by_role("button", name=BUTTON)
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    chat = page.frame_locator("iframe")
    expect(chat.locator("#input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_visible()
    expect(button).to_be_focused()
    expect(page.locator("iframe")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(chat.locator("#input")).to_be_focused()
    chat.get_by_role("button", name="收起咨询窗口").click()
    expect(button).to_be_focused()


def test_a_reply_to_a_closed_window_is_counted(person: Person, product: Product, site: str) -> None:
    if not product.scripted:
        pytest.skip("needs the staff of the scripted server")
    page = person().new_page()
    page.goto(site)
    page.get_by_role("button", name=BUTTON).click()
    chat = page.frame_locator("iframe")
    expect(chat.locator("#state")).to_have_text("已连接")
    chat.locator("#input").fill("你好")
    chat.locator("#input").press("Enter")
    expect(chat.locator("#log .bot")).to_have_count(1)
    chat.get_by_role("button", name="收起咨询窗口").click()
    product.staff("工作人员的答复")
    counted = page.get_by_role("button", name="在线咨询，1条新消息")
    expect(counted).to_be_visible()
    counted.click()
    expect(chat.locator("#log .staff")).to_have_count(1)
    chat.get_by_role("button", name="收起咨询窗口").click()
    expect(page.get_by_role("button", name=BUTTON, exact=True)).to_be_visible()


def test_a_site_that_is_not_listed_gets_no_chat(person: Person, site: str) -> None:
    page = person().new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text))
    page.goto(site.replace("127.0.0.1", "localhost"))
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_timeout(1500)
    assert page.frame_locator("iframe").locator("#input").count() == 0
    assert any("frame-ancestors" in line for line in refused)


def test_the_page_of_its_own_cannot_be_framed(person: Person, product: Product, site: str) -> None:
    page = person().new_page()
    page.goto(site)
    page.evaluate(
        "url => { const f = document.createElement('iframe'); f.src = url; document.body.append(f); }",
        product.url,
    )
    page.wait_for_timeout(1000)
    assert page.frame_locator("iframe").locator("#input").count() == 0


def test_a_strict_site_only_needs_to_name_the_address(person: Person, site: str) -> None:
    page = person().new_page()
    page.goto(f"{site}strict.html")
    button = page.get_by_role("button", name=BUTTON)
    assert button.evaluate("n => getComputedStyle(n).position") == "fixed"
    button.click()
    expect(page.frame_locator("iframe").locator("#state")).to_have_text("已连接")


def test_the_page_for_site_owners_has_the_line_to_copy(person: Person, product: Product, shot: Shot) -> None:
    page = person().new_page()
    page.goto(f"{product.url}/chat/embed")
    expect(page.locator("#code")).to_have_text(f'<script src="{product.url}/chat/widget.js" async></script>')
    page.get_by_role("button", name=BUTTON).click()
    expect(page.frame_locator("iframe").locator("#state")).to_have_text("已连接")
    shot(page, "embed-1280")
