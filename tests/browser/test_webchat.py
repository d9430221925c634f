"""The web chat in a real browser: asking, tapping, reloading, and what survives a server that is killed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import visit
from tests.browser.serving import Product
from tests.browser.talking import QUESTION, answered, ask, lines, own, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Person = Callable[..., BrowserContext]
Shot = Callable[[Page, str], None]


@pytest.fixture
def scripted(product: Product) -> None:
    """Skip where the answers are not known beforehand."""
    if not product.scripted:
        pytest.skip("needs the answers of the scripted server")


def test_the_page_says_whose_it_is_and_what_can_be_asked(page: Page, shot: Shot) -> None:
    expect(page.locator("h1")).to_have_text(re.compile("局$"))
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#notice")).to_have_text(re.compile("演示"))
    expect(page.locator("#welcome .bubble")).to_contain_text("您好")
    assert page.locator("#welcome .reply").count() >= 3
    expect(page.locator("#state")).to_have_text("已连接")
    expect(page.locator("#privacy")).to_be_visible()
    expect(page.get_by_role("button", name="转人工")).to_be_visible()
    assert page.evaluate("document.querySelector('#scroller').scrollTop") == 0
    shot(page, "welcome-1280")


def test_a_question_gets_an_answer(page: Page, shot: Shot) -> None:
    ask(page)
    mine = page.locator("#log .message.own").last
    expect(mine.locator(".bubble")).to_have_text(QUESTION)
    expect(mine.locator(".status")).to_contain_text("已送达")
    reply = page.locator("#log .message.bot").first
    expect(reply.locator(".name")).to_have_text("咨询助手")
    assert len(reply.locator(".bubble").inner_text()) > 10
    assert re.fullmatch(r"\d\d:\d\d", reply.locator("time").inner_text())
    expect(page.locator(".day")).to_have_count(1)
    expect(page.locator(".day")).to_contain_text("今天")
    expect(page.locator("#input")).to_have_value("")
    expect(page.locator("#input")).to_be_focused()
    settled(page)
    shot(page, "answer-1280")


def test_an_example_can_be_tapped(page: Page) -> None:
    example = page.locator("#welcome .reply").first
    title = example.inner_text()
    example.click()
    expect(page.locator("#log .message.own .bubble")).to_have_text(title)
    expect(page.locator("#log .message.bot").first).to_be_visible()


@pytest.mark.usefixtures("scripted")
def test_a_quick_reply_sends_its_payload_and_shows_its_title(page: Page) -> None:
    answered(page)
    page.locator("#log .reply", has_text="办理时限").click()
    expect(page.locator("#log .message.own .bubble").last).to_have_text("办理时限")
    expect(page.locator("#log .message.bot .bubble").last).to_have_text("您问的是:专精特新的办理时限")
    before = lines(page)
    page.reload()
    expect(page.locator("#log .message")).to_have_count(len(before))
    assert lines(page) == before


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    answered(page)
    answered(page, "你好")
    settled(page)
    before = lines(page)
    page.fill("#input", "还没写完的")
    page.reload()
    expect(page.locator("#log .message")).to_have_count(len(before))
    assert lines(page) == before
    expect(page.locator("#input")).to_have_value("还没写完的")
    states = page.eval_on_selector_all("#log .own", "all => all.map(n => n.dataset.state)")
    assert set(states) == {"delivered"}
    bottom = "n => n.scrollHeight - n.scrollTop - n.clientHeight"
    assert page.eval_on_selector("#scroller", bottom) < 64


def test_the_secret_stays_out_of_addresses(person: Person, product: Product) -> None:
    context = person()
    addresses: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: addresses.append(request.url + str(request.headers)))
    page.on("websocket", lambda socket: addresses.append(socket.url))
    page.goto(product.url)
    answered(page)
    page.reload()
    expect(page.locator("#log .message.own")).to_have_count(1)
    secret = page.evaluate("localStorage.getItem('desk-chat:session')")
    assert re.fullmatch("[0-9a-f]{64}", secret)
    assert any("/chat/ws" in address for address in addresses)
    assert not any(secret in address for address in addresses)
    assert context.cookies() == []


def test_the_page_loads_nothing_from_elsewhere(person: Person, product: Product) -> None:
    page = person().new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(product.url)
    answered(page)
    assert hosts == {f"127.0.0.1:{product.port}"}


def test_two_tabs_show_the_same(person: Person, product: Product) -> None:
    context = person()
    one, two = context.new_page(), context.new_page()
    for tab in (one, two):  # both are opened before either has a session
        tab.goto(product.url, wait_until="commit")
    for tab in (one, two):
        tab.wait_for_selector('#state[data-state="open"]')
    answered(one)
    expect(two.locator("#log .message.own")).to_have_count(1)
    answered(two, "你好")
    for tab in (one, two):
        expect(tab.locator("#log .message.own")).to_have_count(2)
        settled(tab)
    assert lines(one) == lines(two)
    one.reload()
    expect(one.locator("#log .message.own")).to_have_count(2)
    assert lines(one) == lines(two)


def test_a_killed_server_loses_and_repeats_nothing(page: Page, product: Product, shot: Shot) -> None:
    answered(page)
    settled(page)
    before = lines(page)
    product.kill()
    try:
        expect(page.locator("#state")).to_have_text("未连接")
        expect(page.locator("#bar")).to_contain_text("连接断开了")
        ask(page, "断线时问的第一句")
        ask(page, "断线时问的第二句")
        waiting = page.locator("#log .own .status").last
        expect(waiting).to_contain_text("发送中")
        expect(waiting.get_by_role("button")).to_have_text("未送达，点此重发", timeout=12_000)
        shot(page, "offline-1280")
        assert lines(page)[: len(before)] == before
    finally:
        product.start()
    page.eval_on_selector("#bar-button", "n => n.click()")  # it may have come back by itself already
    expect(page.locator("#state")).to_have_text("已连接", timeout=25_000)
    for at in (1, 2):
        expect(page.locator("#log .own").nth(at)).to_have_attribute("data-state", "delivered")
    expect(page.locator("#bar")).to_be_hidden()
    page.wait_for_function("n => document.querySelectorAll('#log .bot').length >= n", arg=3)
    settled(page)
    assert own(page) == [QUESTION, "断线时问的第一句", "断线时问的第二句"]
    shown = sorted(lines(page))
    page.reload()
    expect(page.locator("#log .message")).to_have_count(len(shown))
    assert sorted(lines(page)) == shown


def test_the_page_comes_back_by_itself(page: Page, product: Product) -> None:
    product.kill()
    expect(page.locator("#state")).to_have_text("未连接")
    ask(page, "自己会恢复吗?")
    product.start()
    expect(page.locator("#state")).to_have_text("已连接", timeout=25_000)
    expect(page.locator("#log .own")).to_have_attribute("data-state", "delivered")
    expect(page.locator("#log .bot").first).to_be_visible()
    assert own(page) == ["自己会恢复吗?"]


def test_what_was_typed_offline_outlives_the_page(person: Person, product: Product) -> None:
    context = person()
    page = visit(context, product)
    answered(page)
    product.kill()
    expect(page.locator("#state")).to_have_text("未连接")
    ask(page, "离线一")
    ask(page, "离线二")
    page.close()
    product.start()
    page = visit(context, product)
    for at in (1, 2):
        expect(page.locator("#log .own").nth(at)).to_have_attribute("data-state", "delivered")
    page.wait_for_function("n => document.querySelectorAll('#log .bot').length >= n", arg=3)
    settled(page)
    assert own(page) == [QUESTION, "离线一", "离线二"]


def test_enter_sends_shift_enter_breaks_the_line(page: Page) -> None:
    page.click("#input")
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    expect(page.locator("#input")).to_have_value("第一行\n第二行")
    expect(page.locator("#log .own")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#log .own .bubble")).to_have_text("第一行\n第二行", use_inner_text=True)
    page.keyboard.press("Enter")  # an empty field sends nothing
    expect(page.locator("#log .own")).to_have_count(1)


def test_enter_during_composition_does_not_send(page: Page) -> None:
    page.click("#input")
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "zhuan jing", "selectionStart": 10, "selectionEnd": 10})
    assert page.input_value("#input") == "zhuan jing"
    page.keyboard.press("Enter")
    expect(page.locator("#log .own")).to_have_count(0)
    page.eval_on_selector(  # as browsers tell of it that have no isComposing
        "#input",
        "n => n.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, cancelable: true}))",
    )
    expect(page.locator("#log .own")).to_have_count(0)
    method.send("Input.insertText", {"text": "专精"})
    expect(page.locator("#log .own")).to_have_count(0)
    page.fill("#input", "专精特新")
    page.keyboard.press("Enter")
    expect(page.locator("#log .own .bubble")).to_have_text("专精特新")


def test_what_is_typed_before_the_script_runs_is_kept(person: Person, product: Product) -> None:
    page = person().new_page()
    held = []
    page.route("**/static/app.js", lambda route: held.append(route))
    page.goto(product.url, wait_until="commit")
    page.fill("#input", "网速很慢")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("#state")).to_have_text("已连接")
    expect(page.locator("#input")).to_have_value("网速很慢")
    page.press("#input", "Enter")
    expect(page.locator("#log .own .bubble")).to_have_text("网速很慢")


def test_the_counter_counts_characters_and_holds_back_what_is_too_long(page: Page) -> None:
    page.fill("#input", "字" * 3990 + "𠮷" * 10)
    expect(page.locator("#count")).to_have_text("4000/4000")
    page.fill("#input", "字" * 4003)
    expect(page.locator("#count")).to_have_text("超出 3 字，请删减或分几次发送")
    expect(page.locator("#input")).to_have_attribute("aria-invalid", "true")
    page.press("#input", "Enter")
    expect(page.locator("#log .own")).to_have_count(0)
    expect(page.locator("#whisper")).to_contain_text("超出 3 字")
    page.fill("#input", "字" * 4000)
    page.press("#input", "Enter")
    expect(page.locator("#log .own")).to_have_attribute("data-state", "delivered")


@pytest.mark.usefixtures("scripted")
def test_a_refused_message_can_be_reworded_and_outlives_a_reload(page: Page) -> None:
    page.evaluate(  # past the counter, as an older page might do
        """() => localStorage.setItem('desk-chat:outbox:00000000000000000000000000000001', JSON.stringify(
            {id: '00000000000000000000000000000001', text: '字'.repeat(4500), at: Date.now() / 1000}))"""
    )
    page.reload()
    status = page.locator("#log .own .status")
    expect(status).to_contain_text("4000")
    page.reload()
    expect(status).to_contain_text("4000")
    answered(page, "别的消息照发")
    page.get_by_role("button", name="改一改再发").click()
    expect(page.locator("#input")).to_have_value("字" * 4500)
    page.fill("#input", "短了")
    page.press("#input", "Enter")
    expect(page.locator("#log .own").last).to_have_attribute("data-state", "delivered")
    assert own(page) == ["别的消息照发", "短了"]


HOSTILE = '<img src=x onerror="document.title=1"> <script>document.title=2</script> &lt;b&gt; <b>粗</b>'


def test_what_people_type_stays_text(page: Page) -> None:
    answered(page, HOSTILE)
    settled(page)
    assert own(page) == [HOSTILE]
    assert page.locator("#log img, #log script, #log b").count() == 0
    assert page.title().startswith("在线咨询")
    page.reload()
    expect(page.locator("#log .own")).to_have_count(1)
    assert own(page) == [HOSTILE]


@pytest.mark.usefixtures("scripted")
def test_replies_are_text_and_only_whole_addresses_are_links(page: Page) -> None:
    answered(page, "代码")
    assert page.locator("#log img, #log script, #log b").count() == 0
    links = page.eval_on_selector_all("#log .bot a", "all => all.map(a => [a.href, a.rel, a.target])")
    assert links == [
        ["https://example.gov.cn/a_(b)?x=1&y=2", "noopener noreferrer", "_blank"],
        ["http://example.org/", "noopener noreferrer", "_blank"],
    ]
    assert "javascript:alert(1)" in page.locator("#log .bot .bubble").inner_text()


LINKS = [
    ("见https://gxj.fy.gov.cn/a/301.html。", ["https://gxj.fy.gov.cn/a/301.html"]),
    ("(https://a.cn/b)", ["https://a.cn/b"]),
    ("https://a.cn/b_(c)", ["https://a.cn/b_(c)"]),
    ("https://a.cn/?q=1,https://b.cn/.", ["https://a.cn/?q=1,https://b.cn/"]),
    ("“https://a.cn/”，https://b.cn/x；", ["https://a.cn/", "https://b.cn/x"]),
    ("HTTPS://A.CN/X", ["HTTPS://A.CN/X"]),
    ("http:// https:// http://", []),
    ("javascript:alert(1) data:text/html,x ftp://a.cn", []),
    ("https://[bad", []),
]


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_where_an_address_ends(page: Page, text: str, expected: list[str]) -> None:
    found = page.evaluate(
        """async text => {
            const { linked } = await import('/chat/static/text.js');
            const nodes = linked(text);
            const shown = nodes.map(n => typeof n === 'string' ? n : n.firstChild.data).join('');
            return [shown, nodes.filter(n => typeof n !== 'string').map(n => n.firstChild.data)];
        }""",
        text,
    )
    assert found == [text, expected]


@pytest.mark.usefixtures("scripted")
def test_a_reader_who_scrolled_up_is_left_alone(person: Person, product: Product, shot: Shot) -> None:
    page = visit(person(viewport={"width": 360, "height": 640}), product)
    answered(page, "长的答复")
    settled(page)
    top = "n => n.getBoundingClientRect().top"
    first = page.locator("#log .bot").first.evaluate(top) - page.locator("#scroller").evaluate(top)
    assert 0 <= first < 40  # the beginning is in view, not the end
    page.eval_on_selector("#scroller", "n => n.scrollTop = 0")
    product.staff("工作人员的答复")
    pill = page.get_by_role("button", name="有新消息")
    expect(pill).to_be_visible()
    assert page.eval_on_selector("#scroller", "n => n.scrollTop") == 0
    shot(page, "new-message-360")
    pill.click()
    expect(pill).to_be_hidden()
    expect(page.locator("#log .staff .bubble")).to_be_in_viewport()
    expect(page.locator("#log .staff .name")).to_have_text("工作人员")


@pytest.mark.usefixtures("scripted")
def test_two_parts_of_an_answer_stand_under_one_name(page: Page) -> None:
    answered(page, "分两段说")
    expect(page.locator("#log .bot")).to_have_count(2)
    expect(page.locator("#log .bot").nth(1)).to_have_class(re.compile("same"))
    assert [text for _, text in lines(page)][1:] == ["第一段。", "第二段。"]


def test_a_record_can_be_cleared_from_a_shared_computer(person: Person, product: Product) -> None:
    context = person()
    page, other = visit(context, product), visit(context, product)
    answered(page)
    before = page.evaluate("localStorage.getItem('desk-chat:session')")
    page.locator("#side").get_by_role("button", name="清除本机对话记录").click()
    page.get_by_role("button", name="取消").click()
    assert len(own(page)) == 1
    page.locator("#side").get_by_role("button", name="清除本机对话记录").click()
    page.get_by_role("button", name="清除", exact=True).click()
    for tab in (page, other):
        expect(tab.locator("#log .message")).to_have_count(0)
        expect(tab.locator("#state")).to_have_text("已连接")
    assert page.evaluate("localStorage.getItem('desk-chat:session')") not in (None, before)
    answered(other, "新的对话")
    expect(page.locator("#log .own")).to_have_count(1)
    page.reload()
    expect(page.locator("#log .own .bubble")).to_have_text("新的对话")


def test_a_broken_session_is_replaced(page: Page) -> None:
    page.evaluate("localStorage.setItem('desk-chat:session', 'broken')")
    page.reload()
    expect(page.locator("#state")).to_have_text("已连接")
    assert re.fullmatch("[0-9a-f]{64}", page.evaluate("localStorage.getItem('desk-chat:session')"))
    answered(page)


def test_a_browser_that_keeps_nothing_can_still_ask(person: Person, product: Product) -> None:
    context = person()
    context.add_init_script(
        """const refuse = { get() { throw new DOMException('denied', 'SecurityError'); } };
        for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, refuse);"""
    )
    page = visit(context, product)
    expect(page.locator("#bar")).to_contain_text("浏览器不允许保存数据")
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("#bar")).to_be_hidden()
    answered(page)
    assert own(page) == [QUESTION]


def test_too_many_windows_pause_the_oldest(person: Person, product: Product) -> None:
    context = person()
    first = visit(context, product)
    rest = [visit(context, product) for _ in range(8)]
    expect(first.locator("#bar")).to_contain_text("已在别的窗口打开")
    expect(first.locator("#state")).to_have_text("已暂停")
    rest[0].close()
    first.get_by_role("button", name="在此继续").click()
    expect(first.locator("#state")).to_have_text("已连接")
