"""The web chat for everyone: keyboard, screen reader, contrast, large type, narrow and wide windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import visit
from tests.browser.serving import Product
from tests.browser.talking import answered, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Person = Callable[..., BrowserContext]
Shot = Callable[[Page, str], None]

CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
ORDINARY = {"text": 4.5, "large": 3.0}
ELDER = {"text": 7.0, "large": 4.5}


def faults(page: Page, least: dict[str, float]) -> list[str]:
    found: list[str] = page.evaluate(CHECKS, least)
    return found


def elder(page: Page) -> None:
    page.get_by_role("button", name="长辈模式").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["plain", "elder"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (768, 1024), (1280, 800), (1440, 900)])
def test_every_width_and_mode_passes_the_checks(
    person: Person, product: Product, shot: Shot, width: int, height: int, mode: str, scheme: str
) -> None:
    page = visit(person(viewport={"width": width, "height": height}, color_scheme=scheme), product)
    if mode == "elder":
        elder(page)
    least = ELDER if mode == "elder" else ORDINARY
    assert faults(page, least) == []
    shot(page, f"{width}-{mode}-{scheme}-welcome")
    answered(page)
    settled(page)
    assert faults(page, least) == []
    assert page.eval_on_selector("#scroller", "n => n.clientHeight") > height * 0.4
    shot(page, f"{width}-{mode}-{scheme}-answer")


@pytest.mark.parametrize("mode", ["plain", "elder"])
def test_the_sheet_and_the_offline_bar_pass_the_checks(
    person: Person, product: Product, shot: Shot, mode: str
) -> None:
    page = visit(person(viewport={"width": 360, "height": 740}), product)
    if mode == "elder":
        elder(page)
    least = ELDER if mode == "elder" else ORDINARY
    page.get_by_role("button", name="能问什么").click()
    assert faults(page, least) == []
    shot(page, f"360-{mode}-sheet")
    page.locator("#sheet").get_by_role("button", name="清除本机对话记录").click()
    assert faults(page, least) == []
    shot(page, f"360-{mode}-sure")
    page.keyboard.press("Escape")
    product.kill()
    try:
        expect(page.locator("#bar")).to_be_visible()
        page.fill("#input", "断线时问的")
        page.press("#input", "Enter")
        expect(page.get_by_role("button", name="点此重发")).to_be_visible(timeout=12_000)
        page.fill("#input", "字" * 4100)
        assert faults(page, least) == []
        expect(page.locator("#count")).to_be_in_viewport()
        shot(page, f"360-{mode}-offline")
    finally:
        product.start()


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到输入框")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#input")).to_be_focused()
    page.keyboard.type("专精特新要什么材料?")
    page.keyboard.press("Enter")
    expect(page.locator("#log .bot").first).to_be_visible()
    settled(page)
    for _ in range(30):  # back over the tools to the newest quick reply
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#log .reply, #welcome .reply')"):
            break
    title = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    expect(page.locator("#log .own .bubble").last).to_have_text(title)


def test_every_stop_of_the_keyboard_is_seen_and_in_order(page: Page) -> None:
    answered(page)
    page.reload()  # the keyboard begins at the top again
    expect(page.locator("#log .bot")).not_to_have_count(0)
    stops: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop: dict[str, Any] = page.evaluate(
            """() => {
                const node = document.activeElement, style = getComputedStyle(node);
                const box = node.getBoundingClientRect();
                return { name: node.id || node.className || node.localName,
                         seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                         there: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
            }"""
        )
        if stop["name"] in ("body", "") or (stop["name"] == "skip" and stops):
            break
        assert stop["seen"], stop
        assert stop["there"], stop
        stops.append(stop["name"])
    firsts = [name for n, name in enumerate(stops) if name not in stops[:n]]
    assert firsts[:3] == ["skip", "elder", "scroller"]
    assert firsts.index("person") < firsts.index("input") < firsts.index("send") < firsts.index("question")


def test_a_dialog_keeps_and_returns_the_focus(person: Person, product: Product) -> None:
    page = visit(person(viewport={"width": 360, "height": 740}), product)
    page.locator("#ask").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="能问什么")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('#sheet')"
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#ask")).to_be_focused()
    page.locator("#ask").click()
    page.locator("#sheet .question").first.click()
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#log .own")).to_have_count(1)


def tree(page: Page) -> list[tuple[str, str]]:
    """Give role and name of everything that the browser tells a screen reader."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]


def test_a_screen_reader_hears_a_name_for_everything(page: Page) -> None:
    answered(page)
    settled(page)
    said = tree(page)
    for role, name in said:
        if role in ("button", "link", "textbox", "dialog", "log", "group", "region", "complementary"):
            assert name, (role, name)
    assert ("textbox", "输入要咨询的问题") in said
    assert ("log", "对话记录") in said
    assert ("complementary", "能问什么") in said
    assert ("button", "发送") in said
    assert next(name for role, name in said if role == "heading").endswith("局")
    assert {"main", "banner"} <= {role for role, _ in said}


def test_new_messages_are_announced_and_old_ones_are_not(page: Page) -> None:
    log = page.locator("#log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    answered(page)
    who = page.locator("#log .bot .who").first
    assert who.text_content().startswith("咨询助手：")  # type: ignore[union-attr]
    page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {
            const log = document.querySelector('#log');
            window.busyWhenFilled = null;
            new MutationObserver(() => {
                window.busyWhenFilled = window.busyWhenFilled ?? log.ariaBusy;
            }).observe(log, { childList: true });
        })"""
    )
    page.reload()
    expect(page.locator("#log .message.own")).to_have_count(1)
    assert page.evaluate("window.busyWhenFilled") == "true"
    page.wait_for_function("() => document.querySelector('#log').ariaBusy === null")


def test_large_type_is_large_and_stays(person: Person, product: Product, shot: Shot) -> None:
    context = person(viewport={"width": 360, "height": 740})
    page = visit(context, product)
    button = page.get_by_role("button", name="长辈模式")
    expect(button).to_have_attribute("aria-pressed", "false")
    elder(page)
    expect(button).to_have_attribute("aria-pressed", "true")
    answered(page)
    settled(page)
    size = "n => parseFloat(getComputedStyle(n).fontSize)"
    for selector in (".bubble", "#input", "#log .reply", "#send"):
        assert page.locator(selector).first.evaluate(size) >= 24, selector
    height = "n => n.getBoundingClientRect().height"
    for selector in ("#send", "#input", "#welcome .reply"):
        assert page.locator(selector).first.evaluate(height) >= 60, selector
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('body *')].filter(n => n.checkVisibility()
            && [...n.childNodes].some(c => c.nodeType === 3 && c.data.trim()))
            .map(n => parseFloat(getComputedStyle(n).fontSize)))"""
    )
    assert smallest >= 18
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.locator("#log .own")).to_have_count(1)
    other = visit(context, product)
    expect(other.locator("html")).to_have_attribute("data-mode", "elder")
    button.click()
    expect(page.locator("html")).to_have_attribute("data-mode", "plain")
    expect(other.locator("html")).to_have_attribute("data-mode", "plain")


def test_targets_are_big_enough_for_a_thumb(person: Person, product: Product) -> None:
    page = visit(person(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True), product)
    answered(page)
    small = page.evaluate(
        """[...document.querySelectorAll('button, textarea')].filter(n => n.checkVisibility())
            .filter(n => n.getBoundingClientRect().height < 44 || n.getBoundingClientRect().width < 44)
            .map(n => n.outerHTML)"""
    )
    assert small == []


def test_nothing_moves_for_who_wants_it_still(person: Person, product: Product) -> None:
    moving = "document.getAnimations().length"
    show = "document.querySelector('#typing').hidden = false"
    page = visit(person(reduced_motion="reduce"), product)
    page.evaluate(show)
    assert page.evaluate(moving) == 0
    lively = visit(person(reduced_motion="no-preference"), product)
    lively.evaluate(show)
    assert lively.evaluate(moving) > 0


@pytest.mark.parametrize(
    ("width", "height", "mode"),
    [
        (320, 256, "plain"),  # 1280 x 1024 at 400 %
        (320, 256, "elder"),
        (360, 380, "plain"),  # a phone with its keyboard open
        (360, 380, "elder"),
        (740, 360, "elder"),  # a phone on its side
    ],
)
def test_in_a_low_window_field_and_conversation_are_seen_together(
    person: Person, product: Product, shot: Shot, width: int, height: int, mode: str
) -> None:
    page = visit(person(viewport={"width": width, "height": height}), product)
    if mode == "elder":
        elder(page)
    answered(page)
    settled(page)
    page.locator("#input").scroll_into_view_if_needed()
    expect(page.locator("#send")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    seen = page.eval_on_selector(
        "#scroller", "n => n.getBoundingClientRect().bottom - Math.max(0, n.getBoundingClientRect().top)"
    )
    assert seen >= min(100, height * 0.25)
    shot(page, f"low-{width}x{height}-{mode}")
