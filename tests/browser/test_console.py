"""The console in a real browser: each page measured at four widths, keyboard alone, notices, improvements."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.desk import Desk
from tests.browser.offices import ask, connected, desk, open_chat, passwords, picture, staff, visitor
from tests.browser.serving import ROOT
from tests.support.busy import allowed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
__all__ = ["desk", "passwords", "staff", "visitor"]

CHECKS = [
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("checks.js", "console_checks.js")
]
LEAST = {"text": 4.5, "large": 3.0}
# 320 px is what a window of 1280 px shows at a zoom of 400 % (WCAG 1.4.10); 720 is one of 1440 at 200 %.
WIDTHS = {1440: 900, 720: 450, 390: 844, 320: 640}
ASKED = "技改备案要什么材料"
OFFICE_PAGES = (
    *("/handoffs", "/handoffs?view=closed", "/contacts", "/registers", "/statistics", "/help", "/password"),
    *("/improve", "/improve?view=reviews", "/improve?view=history", "/improve/new"),
)

BARE = ("no named navigation", "no way past the menu", "texts were found to measure")


def hand_over(desk: Desk, visitor: Callable[..., BrowserContext], *said: str) -> Page:
    """Have an enterprise ask something, and for a person."""
    chat = open_chat(visitor(), desk)
    for text in (*said, "转人工"):
        ask(chat, text)
    return chat


def faults(page: Page) -> list[str]:
    """Give what the checks find; only some pages have a log."""
    found = [*page.evaluate(CHECKS[0], LEAST), *page.evaluate(CHECKS[1])]
    return [fault for fault in found if fault not in ("no [role=log]", "no [role=status]")]


def look(page: Page, desk: Desk, path: str) -> list[str]:
    """Open a page at every width, give what is wrong, and keep a picture of each to be looked at."""
    found: list[str] = []
    page.goto(desk.console + path)
    page.wait_for_load_state("load")
    page.evaluate("() => { for (const node of document.querySelectorAll('details')) node.open = true; }")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}: {fault}" for fault in faults(page)]
    folder = ROOT / "artefacts" / "console"
    folder.mkdir(parents=True, exist_ok=True)
    name = path.strip("/").replace("/", "-").replace("?", "-")
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.screenshot(path=str(folder / f"look-{name}-{width}.png"), full_page=True)
    return found


def test_every_page_passes_the_checks_at_every_width(
    desk: Desk, staff: Callable[..., Page], visitor: Callable[..., BrowserContext]
) -> None:
    for said in (ASKED, "我要投诉窗口人员态度不好"):
        hand_over(desk, visitor, said)
    office, head = staff("bgs1"), staff("tzkz")
    office.goto(f"{desk.console}/handoffs")
    number = office.locator("#list tbody tr").first.get_attribute("data-number")
    found = {path: look(office, desk, path) for path in (*OFFICE_PAGES, f"/handoffs/{number}")}
    head.goto(f"{desk.console}/handoffs")
    assert head.locator("#list .open").count(), desk.log()
    head.locator("#list .open").first.click()
    head.get_by_role("button", name="接手", exact=True).click()
    expect(head.locator("#reply")).to_be_visible()
    claimed = head.url.removeprefix(desk.console).partition("?")[0]
    found[f"claimed {claimed}"] = look(head, desk, claimed)
    boss, auditor = staff("boss"), staff("sjy1")
    found["/accounts"] = look(boss, desk, "/accounts")
    for path in ("/audit", "/audit/check", "/annual"):
        found[path] = look(auditor, desk, path)
    auditor.goto(f"{desk.console}/audit")
    picture(auditor, "audit")
    for page, name in ((office, "contacts"), (office, "statistics"), (office, "registers")):
        page.goto(f"{desk.console}/{name}")
        picture(page, name)
    outside = visitor().new_page()
    found["/login"] = look(outside, desk, "/login")
    for path in ("/login", "/password"):  # without a menu, and with few words
        found[path] = [fault for fault in found[path] if not any(part in fault for part in BARE)]
    outside.set_viewport_size({"width": 1000, "height": 640})
    picture(outside, "login")
    wrong = [f"{path} {fault}" for path, faults in found.items() for fault in faults]
    assert not wrong, "\n".join(wrong)


def test_a_case_is_worked_from_the_list_to_its_end_by_keyboard_alone(
    desk: Desk, staff: Callable[..., Page], visitor: Callable[..., BrowserContext]
) -> None:
    chat = hand_over(desk, visitor, ASKED)
    page = staff("tzk1")
    page.goto(f"{desk.console}/handoffs?view=waiting")
    expect(page.locator("#list tbody tr")).not_to_have_count(0)
    connected(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#list .open").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/handoffs/*")
    connected(page)
    page.keyboard.press("c")
    expect(page.locator("#do-claim")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#reply")).to_be_visible()
    connected(page)
    page.keyboard.press("r")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("全用键盘答复。")
    page.reload()
    expect(page.locator("#text")).to_have_value("全用键盘答复。")  # a draft outlives a reload
    connected(page)
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lines .line.staff").last).to_contain_text("全用键盘答复。")
    expect(chat.locator("#log")).to_contain_text("全用键盘答复。")
    expect(page.locator("#text")).to_be_focused()
    # On through the page with Tab alone, to the form that closes it; the focus is always to be seen.
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("document.activeElement.closest('#d-close') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#d-close")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(page.locator("#outcome")).to_be_focused()
    for field in ("#entry", "#remark"):
        page.keyboard.press("Tab")
        expect(page.locator(field)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_have_text("已办结")
    connected(page)
    expect(chat.locator("#log")).to_contain_text("请为这次答复打分")
    page.keyboard.press("u")
    page.wait_for_url("**/handoffs")


FOCUS_IS_SEEN = """() => {
    const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const marked = outlined || style.boxShadow !== "none"
        || (node.closest("tr") && getComputedStyle(node.closest("tr")).boxShadow !== "none");
    return node === document.body || (marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight);
}"""


def test_new_work_is_announced_by_the_browser_and_every_page_of_many_hears_it(
    desk: Desk, staff: Callable[..., Page], visitor: Callable[..., BrowserContext]
) -> None:
    page = staff("bgs1", permissions=["notifications"])
    page.context.add_init_script(
        """window.shown = [];
        window.Notification = class { static permission = "granted";
            constructor(title, options) { window.shown.push([title, options.body]); }
            addEventListener() {} };
        Document.prototype.hasFocus = () => false;"""
    )
    pages = [page, *(page.context.new_page() for _ in range(7))]  # more than the lines a browser opens
    for one in pages:
        one.goto(f"{desk.console}/handoffs")
    for one in pages:
        connected(one)
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{desk.console}/contacts")
    connected(elsewhere)
    before = page.locator("#list tbody tr").count()
    pages.pop(0).close()  # the page that held the stream goes: another one takes over
    for one in pages:
        connected(one)
    hand_over(desk, visitor, ASKED)
    for one in (*pages, elsewhere):
        one.wait_for_function("() => window.shown.length > 0")
    title, body = elsewhere.evaluate("window.shown[0]")
    assert title == "有新的咨询"
    assert "转人工" not in body  # what was typed is not put on a screen that others see
    assert elsewhere.title().startswith("(1)")
    expect(elsewhere.locator("[data-badge='/handoffs']")).to_contain_text("件待接手")
    for one in pages:
        expect(one.locator("#list tbody tr")).to_have_count(before + 1)


NEW = {
    "name": "厂房租金补贴",
    "summary": "本市没有公布厂房租金补贴政策。",
    "facts": "本局没有公布厂房租金补贴政策",
    "document": "阜阳市招商引资办法",
    "questions": "租厂房能补多少",
}


def test_from_a_wrong_answer_to_an_entry_that_is_live_in_two_seconds_and_back(
    desk: Desk, visitor: Callable[..., BrowserContext], staff: Callable[..., Page]
) -> None:
    asked = "首台套一年能报几次"
    hand_over(desk, visitor, asked)
    office, clerk, head = staff("bgs1"), staff("tzk1"), staff("tzkz")
    office.goto(f"{desk.console}/handoffs?q={asked}")
    office.locator("#list .open").first.click()
    line = office.locator("#lines .line.bot").first
    line.get_by_text("这条答复不对").click()
    line.get_by_label("哪里不对").fill("<b>次数</b>写错了")
    line.get_by_role("button", name="提交").click()
    expect(office.locator("#lines")).to_contain_text("已指出这条答复不对")
    clerk.goto(f"{desk.console}/improve")
    cluster = clerk.locator(".cluster", has_text=asked)
    expect(cluster).to_contain_text("<b>次数</b>写错了")  # as it was typed, and nothing of it is markup
    expect(clerk.locator("main b")).to_have_count(0)
    cluster.locator("summary").click()
    picture(clerk, "improve")

    cluster.get_by_role("link", name="写成新条目").click()
    for field, text in NEW.items():
        clerk.fill(f"#{field}", text)
    clerk.get_by_role("button", name="提出").click()
    expect(clerk.locator(".told")).to_contain_text("等待另一位同事作保密审查")
    head.goto(f"{desk.console}/improve?view=reviews")
    head.get_by_label("保密审查意见").fill("不涉密,可以公开")
    picture(head, "review")
    head.get_by_role("button", name="审查通过").click()
    expect(head.locator(".told")).to_contain_text("两秒内生效")
    time.sleep(allowed(2.0))
    again = open_chat(visitor(), desk)
    ask(again, NEW["name"])
    expect(again.locator("#log")).to_contain_text(NEW["facts"])

    head.goto(f"{desk.console}/improve?view=history")
    head.get_by_text("撤回", exact=True).first.click()
    head.get_by_label("撤回理由").fill("政策有变")
    picture(head, "history")
    head.get_by_role("button", name="一步撤回").click()
    expect(head.locator(".told")).to_be_visible()
    time.sleep(allowed(2.0))
    last = open_chat(visitor(), desk)
    ask(last, NEW["name"])
    expect(last.locator("#log")).not_to_contain_text(NEW["facts"])
