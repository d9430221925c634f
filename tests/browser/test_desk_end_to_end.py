"""One enquiry from the question to the closed handoff, in real browsers, while every process is killed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from sqlite3 import connect

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.desk import Desk
from tests.browser.offices import ask, connected, desk, open_chat, passwords, picture, staff, visitor
from tests.browser.staffing import do, reply

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
__all__ = ["desk", "passwords", "staff", "visitor"]

ASKED = "技改备案要什么材料"
WHILE_DOWN = "我们是新建厂房,刚才断线了"
WITH_STAFF = "项目代码已经有了"
FIRST_REPLY = "请准备项目代码和企业基本情况。"
LAST_REPLY = "首台套今年第二批还可以申报。"


def test_nothing_is_lost_from_the_question_to_the_end_while_every_process_is_killed(
    desk: Desk, visitor: Callable[..., BrowserContext], staff: Callable[..., Page]
) -> None:
    enterprise = visitor(viewport={"width": 1000, "height": 800})
    chat = open_chat(enterprise, desk)
    one, two, other = staff("tzk1"), staff("tzk2"), staff("zbk1")
    number = asked_for_a_person(desk, chat, one, two, other)

    chat_goes_on_while_the_gateway_is_down(desk, chat, number, one, two)
    has_it = both_claim_one_wins(one, two)
    expect(chat.locator("#log")).to_contain_text("接手")
    staff_answer_while_the_console_is_down(desk, chat, has_it)
    silent_while_the_brain_is_down(desk, chat, has_it)

    do(has_it, "转其他科室", "转办", to="equipment", reason="涉及首台套装备")
    expect(has_it.locator("#state")).to_have_text("转办待接收")
    picture(has_it, "transferred")
    desk.kill()
    chat.close()  # the enterprise has gone home
    desk.start()
    other.goto(f"{desk.console}/handoffs/{number}")
    picture(other, "offered")
    other.get_by_role("button", name="接收", exact=True).click()
    expect(other.locator("#section")).to_have_text("装备工业科")
    reply(other, LAST_REPLY)

    chat = open_chat(enterprise, desk)
    expect(chat.locator("#log")).to_contain_text(LAST_REPLY)
    closed_and_rated(chat, other)
    everything_once(desk, chat, other)
    recorded_once(desk, number)


def asked_for_a_person(desk: Desk, chat: Page, one: Page, two: Page, other: Page) -> str:
    """Ask, and ask for a person: the section sees it without a reload, another section does not."""
    for page in (one, two, other):
        page.goto(f"{desk.console}/handoffs")
        connected(page)
    ask(chat, ASKED)
    ask(chat, "转人工")
    for page in (one, two):
        expect(page.locator("#list tbody tr")).to_have_count(1)
        expect(page.locator("#list .q")).to_have_text(ASKED)  # not the bare wish for a person
    expect(other.locator("#list tbody tr")).to_have_count(0)
    picture(one, "list")
    number = one.locator("#list tbody tr").get_attribute("data-number")
    assert number
    told = chat.locator("#log .message:not(.own)").last
    for part in (number, "您排在第1位", "工作人员最迟"):
        expect(told).to_contain_text(part)
    ask(chat, "我上次问的有结果了吗")
    expect(chat.locator("#log .message:not(.own)").last).to_contain_text("等待投资与技术改造科的工作人员接手")
    return number


def chat_goes_on_while_the_gateway_is_down(desk: Desk, chat: Page, number: str, one: Page, two: Page) -> None:
    """Type while there is no gateway: it arrives once there is one again."""
    desk.kill_part("bot.gateway")
    chat.fill("#input", WHILE_DOWN)
    chat.press("#input", "Enter")
    desk.wait()
    expect(own(chat, WHILE_DOWN)).to_have_attribute("data-state", "delivered")
    for page in (one, two):
        page.goto(f"{desk.console}/handoffs/{number}")
        expect(page.locator("#lines")).to_contain_text(WHILE_DOWN)
    picture(one, "waiting")


def both_claim_one_wins(one: Page, two: Page) -> Page:
    """Let both click in the same moment. Gives the page of the one who has it now."""
    moment = time.time() * 1000 + 700
    for page in (one, two):
        page.evaluate(
            "at => { setTimeout(() => document.getElementById('do-claim').click(), at - Date.now()); }",
            moment,
        )
    has_it, too_late = one, two
    expect(one.locator("#fault, #reply").first).to_be_visible()
    if one.locator("#fault").count():
        has_it, too_late = two, one
    expect(too_late.locator("#fault")).to_contain_text("已经有同事接手")
    expect(has_it.locator("#reply")).to_be_visible()
    expect(has_it.locator("#fault")).to_have_count(0)
    return has_it


def staff_answer_while_the_console_is_down(desk: Desk, chat: Page, page: Page) -> None:
    """Answer into a dead console: it is said, nothing typed is lost, and later it arrives once."""
    page.get_by_role("button", name="填入答复框").first.click()
    assert "材料" in page.input_value("#text")
    picture(page, "answering")
    page.fill("#text", FIRST_REPLY)
    desk.kill_part("bot.console")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator("#alert")).to_contain_text("内容没有提交")
    expect(page.locator("#text")).to_have_value(FIRST_REPLY)
    desk.wait()
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator("#lines .line.staff").last).to_contain_text(FIRST_REPLY)
    expect(chat.locator("#log")).to_contain_text(FIRST_REPLY)
    page.locator("#n-text").fill("已电话核实")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#notes")).to_contain_text("已电话核实")


def silent_while_the_brain_is_down(desk: Desk, chat: Page, page: Page) -> None:
    """While a person is in charge nobody needs the brain, and the chat does not wait for it."""
    desk.kill_part("bot.brain")
    chat.fill("#input", WITH_STAFF)
    chat.press("#input", "Enter")
    expect(own(chat, WITH_STAFF)).to_have_attribute("data-state", "delivered")
    expect(page.locator("#lines")).to_contain_text(WITH_STAFF)
    expect(chat.locator("#typing")).to_be_hidden()
    desk.wait()


def closed_and_rated(chat: Page, page: Page) -> None:
    """Close it under another topic than the bot thought; the enterprise says how it was."""
    do(page, "办结", "办结", outcome="answered", entry="s10 首台套重大技术装备评定")
    expect(page.locator("#state")).to_have_text("已办结")
    picture(page, "closed")
    chat.get_by_role("button", name="4分 满意").click()
    expect(chat.locator("#log")).to_contain_text("谢谢您的评价（4分）")
    picture(chat, "chat")
    ask(chat, "首台套一年能报几次")  # the assistant is back
    expect(chat.locator("#log .message:not(.own)").last).to_contain_text("首台套")


def everything_once(desk: Desk, chat: Page, page: Page) -> None:
    """Both sides show everything that was said, once."""
    texts = chat.locator("#log .message").all_inner_texts()
    lines = page.locator("#lines .line .bubble").all_inner_texts()
    for said in (ASKED, WHILE_DOWN, WITH_STAFF, FIRST_REPLY, LAST_REPLY):
        assert sum(said in text for text in texts) == 1, (said, texts)
        assert lines.count(said) == 1, (said, lines)


def recorded_once(desk: Desk, number: str) -> None:
    """One handoff, rated and corrected, with what the bot thought; counted once, and the log is whole."""
    with connect(next((desk.data.parent / "var").glob("*.db"))) as database:
        rows = database.execute(
            "select number, state, outcome, satisfaction, enquiry_id from handoffs"
        ).fetchall()
        assert [row[:4] for row in rows] == [(number, "closed", "answered", 4)]
        enquiry = "select entry_code, outcome from enquiries where inbox_id = ?"
        told = database.execute(enquiry, rows[0][4:]).fetchall()
        thought = database.execute("select old from corrections where enquiry_id = ?", rows[0][4:]).fetchall()
        messages = database.execute("select count(*) from inbox").fetchone()[0]
    assert told == [("s10", "handed_off")]
    assert [json.loads(old)["entry_code"] for (old,) in thought] == ["s01"]  # what the bot thought is kept
    assert messages == 7
    assert "操作日志完整" in desk.run("audit-log", "verify")
    shown = desk.run("stats", "show", "handoffs-by-outcome")
    assert re.search(r"合计\s+1\b", shown), shown
    assert "不一致" not in desk.run("audit")


def own(chat: Page, text: str):
    """Give what the enterprise said."""
    return chat.locator("#log .message.own", has_text=text)
