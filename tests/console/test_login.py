"""Logging in: passwords, locks, sessions that rotate and end, cookies, and the first password."""

from __future__ import annotations

import argon2
import pytest

from bot.console.guard import COOKIE, digest
from bot.desk.accounts import FREE_FAILURES
from bot.storage import accounts, sessions
from tests.console.conftest import PASSWORD, Running, running

NEW = "brand-new-pass-7"
MADE = {"login": "tzk", "post": "投资科经办岗", "role": "staff", "section": "investment"}


async def test_who_logs_in_sees_the_page_they_asked_for(desk: Running) -> None:
    browser = desk.browser()
    text = await browser.get("/help")
    assert "<h1>登录</h1>" in text
    async with browser.client.get("/audit?before=7", headers={"Accept": "text/html"}) as answer:
        assert 'value="/audit?before=7"' in await answer.text()
    _, where = await browser.post("/login", login="Auditor ", password=PASSWORD, next="/audit?before=7")
    assert where == "/audit?before=7"
    assert "操作日志" in await browser.get(where)
    assert [row.action for row in desk.rows("audit_log")] == ["login"]


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", ""])
async def test_the_way_after_login_never_leads_away(console: Running, where: str) -> None:
    browser = console.browser()
    await browser.get("/login")
    assert (await browser.post("/login", login="staff", password=PASSWORD, next=where))[1] == "/"


@pytest.mark.parametrize(("login", "password"), [("staff", "wrong"), ("nobody", PASSWORD), ("", "")])
async def test_a_failure_tells_nothing_about_the_login(console: Running, login: str, password: str) -> None:
    text = await console.browser().log_in(login, password, 401)
    assert "账号或密码不对" in text
    log = console.rows("audit_log")
    assert [(row.action, row.actor) for row in log] == [
        ("login_failed", "staff" if login == "staff" else "?")
    ]
    assert password == "" or password not in str(log)


@pytest.mark.parametrize("login", ["staff", "nobody"])
async def test_failures_lock_a_login_longer_and_longer(desk: Running, login: str) -> None:
    browser = desk.browser()
    for _ in range(FREE_FAILURES - 1):
        await browser.log_in(login, "wrong", 401)
    assert "锁定" in await browser.log_in(login, "wrong", 429)
    assert "锁定" in await browser.log_in(login, PASSWORD, 429)  # the right one does not help either
    desk.clock.now += 31
    assert "锁定" in await browser.log_in(login, "wrong", 429)
    desk.clock.now += 31
    assert "锁定" in await browser.log_in(login, PASSWORD, 429)  # twice as long now
    desk.clock.now += 60
    if login == "staff":
        await browser.log_in(login)
        assert desk.rows("attempts") == []


async def test_failures_of_logins_that_nobody_has_do_not_pile_up(desk: Running) -> None:
    await desk.browser().log_in("nobody", "wrong", 401)
    await desk.console.tidy()
    assert len(desk.rows("attempts")) == 1
    desk.clock.now += 86401
    await desk.browser().log_in("somebody", "wrong", 401)
    await desk.console.tidy()
    assert [row.last_at for row in desk.rows("attempts")] == [desk.clock.now]


async def test_a_session_that_somebody_else_prepared_is_not_used(console: Running) -> None:
    """Session fixation: what a browser brought along before the login is worth nothing after it."""
    browser = console.browser()
    planted = "A" * 43
    browser.client.session.cookie_jar.update_cookies({COOKIE: planted, "desk_before": planted})
    await browser.get("/login")
    assert browser.csrf == planted  # the token of the login form alone opens nothing
    data = {"csrf": browser.csrf, "login": "staff", "password": PASSWORD}
    async with browser.client.post("/login", data=data, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.cookies[COOKIE].value != planted
        assert answer.cookies["desk_before"].value == ""
    (session,) = console.rows("sessions")
    assert planted not in (session.token, session.csrf, session.previous)
    assert session.token != digest(planted)


async def test_an_address_cannot_try_without_end(console: Running) -> None:
    browser = console.browser()
    await browser.get("/login")
    tried = [
        await browser.client.post("/login", data={"csrf": browser.csrf, "login": f"u{n}"}) for n in range(70)
    ]
    assert {answer.status for answer in tried} == {401, 429}


async def test_the_cookie_is_kept_from_scripts_and_other_sites(console: Running) -> None:
    browser = console.browser()
    await browser.get("/login")
    data = {"csrf": browser.csrf, "login": "staff", "password": PASSWORD}
    async with browser.client.post("/login", data=data, allow_redirects=False) as answer:
        cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert cookie.value not in str(console.rows("sessions"))


async def test_behind_a_proxy_with_tls_the_cookie_is_for_tls_only(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with running(url, tmp_path, BOT_TRUSTED_PROXIES="127.0.0.1") as it:
        async with it.browser().client.get("/login", headers={"X-Forwarded-Proto": "https"}) as answer:
            assert all(cookie["secure"] for cookie in answer.cookies.values())
            assert len(answer.cookies) == 1
    async with running(url + "2", tmp_path) as it:
        async with it.browser().client.get("/login", headers={"X-Forwarded-Proto": "https"}) as answer:
            assert not any(cookie["secure"] for cookie in answer.cookies.values())


async def test_a_session_ends_when_nobody_is_there(console: Running) -> None:
    browser = await console.enter("auditor")
    console.clock.now += sessions.IDLE - 10
    await browser.get("/audit")
    console.clock.now += sessions.IDLE - 10
    assert "操作日志" in await browser.get("/audit")
    console.clock.now += sessions.IDLE + 1
    assert "<h1>登录</h1>" in await browser.get("/audit")


async def test_a_session_ends_after_a_day_however_busy(console: Running) -> None:
    browser = await console.enter("auditor")
    for _ in range(int(sessions.LONGEST // 1800) - 1):
        console.clock.now += 1800
        assert "操作日志" in await browser.get("/audit")
    console.clock.now += 1801
    assert "<h1>登录</h1>" in await browser.get("/audit")


async def test_a_session_gets_new_tokens_and_the_old_one_dies(desk: Running) -> None:
    browser = await desk.enter("auditor")
    jar = browser.client.session.cookie_jar
    old = {c.key: c.value for c in jar}[COOKIE]
    desk.clock.now += 1000
    await browser.get("/audit")
    new = {c.key: c.value for c in jar}[COOKIE]
    assert new != old
    other = desk.browser()
    for after, status in ((0, 200), (sessions.OLD_TOKEN + 1, 401)):
        desk.clock.now += after
        headers = {"Cookie": f"{COOKIE}={old}"}
        async with other.client.get("/audit", headers=headers) as answer:
            assert answer.status == status
    assert "操作日志" in await browser.get("/audit")


async def test_logging_out_ends_the_session_for_good(desk: Running) -> None:
    browser = await desk.enter("auditor")
    token = next(c.value for c in browser.client.session.cookie_jar if c.key == COOKIE)
    assert (await browser.post("/logout"))[1].startswith("/login")
    async with desk.browser().client.get("/audit", headers={"Cookie": f"{COOKIE}={token}"}) as answer:
        assert answer.status == 401
    assert desk.rows("sessions") == []


async def test_the_first_password_serves_for_choosing_another_only(desk: Running) -> None:
    boss = await desk.enter("administrator")
    text, _ = await boss.post("/accounts", 200, **MADE)
    once = text.partition('id="once">')[2].partition("<")[0]
    assert len(once) == 19
    browser = desk.browser()
    assert await browser.log_in("tzk", once) == "/password"
    assert "<h1>设置密码</h1>" in await browser.get("/help")
    async with browser.client.get("/events", headers={"Accept": "application/json"}) as answer:
        assert answer.status == 403
    for new, again, told in [
        ("short", "short", "12 至 128 位"),
        (NEW, "other", "不一致"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "过于简单"),
        ("tzk-password-1", "tzk-password-1", "账号名"),
        (once, once, "不能与原密码相同"),
    ]:
        text, _ = await browser.post("/password", 400, old=once, new=new, again=again)
        assert told in text
    text, _ = await browser.post("/password", 400, old="not it", new=NEW, again=NEW)
    assert "原密码不对" in text
    assert (await browser.post("/password", old=once, new=NEW, again=NEW))[1] == "/?told=password_changed"
    assert "使用手册" in await browser.get("/help")
    await desk.browser().log_in("tzk", once, 401)
    await desk.browser().log_in("tzk", NEW)


async def test_a_one_time_password_grows_old(console: Running) -> None:
    boss = await console.enter("administrator")
    text, _ = await boss.post("/accounts", 200, **MADE)
    once = text.partition('id="once">')[2].partition("<")[0]
    console.clock.now += 8 * 86400
    await console.browser().log_in("tzk", once, 401)


async def test_a_disabled_account_is_out_at_once(desk: Running) -> None:
    browser = await desk.enter("auditor")
    boss = await desk.enter("administrator")
    with desk.console.database.reading() as connection:
        known = accounts.known(connection, "auditor")
    assert known
    where = f"/accounts/{known.account.id}"
    await boss.post(where, post="审计岗", role="auditor", section="", disabled="1")
    assert "<h1>登录</h1>" in await browser.get("/audit")
    await browser.log_in("auditor", PASSWORD, 401)


async def test_a_new_password_ends_the_other_sessions(desk: Running) -> None:
    here, there = await desk.enter("auditor"), await desk.enter("auditor")
    await here.get("/password")
    await here.post("/password", old=PASSWORD, new=NEW, again=NEW)
    assert "操作日志" in await here.get("/audit")
    assert "<h1>登录</h1>" in await there.get("/audit")


async def test_a_weak_hash_is_made_anew_when_its_owner_comes(console: Running) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=16).hash(PASSWORD)
    with console.console.database.writing() as connection:
        known = accounts.known(connection, "auditor")
        assert known
        accounts.rehash(connection, known.account.id, weak)
    await console.enter("auditor")
    with console.console.database.reading() as connection:
        after = accounts.known(connection, "auditor")
    assert after
    assert after.password != weak
    await console.enter("auditor")
