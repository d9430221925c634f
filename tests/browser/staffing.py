"""What members of staff do in the console, as the browser tests do it for them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

PASSWORD = "correct-horse-9"


def log_in(page: Page, console: str, login: str, password: str = PASSWORD) -> None:
    """Log in; whoever has a one-time password chooses another."""
    page.goto(f"{console}/login")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    if "/password" in page.url:
        page.get_by_label("原密码").fill(password)
        page.get_by_label("新密码", exact=True).fill(PASSWORD)
        page.get_by_label("再输一次新密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/password" not in url)


def add_account(page: Page, console: str, login: str, post: str, role: str, section: str = "") -> str:
    """Make an account as the administrator does, and give its one-time password."""
    page.goto(f"{console}/accounts")
    form = page.locator('form[action="/accounts"]')
    form.get_by_label("账号").fill(login)
    form.get_by_label("岗位名称").fill(post)
    form.get_by_label("角色").select_option(role)
    if section:
        form.get_by_label("科室").select_option(section)
    form.get_by_role("button", name="新建").click()
    return page.locator("#once").inner_text()


def do(page: Page, summary: str, button: str, **fields: str) -> None:
    """Open one of the actions of a handoff, fill it in and send it."""
    part = page.locator(".doing details", has=page.locator("summary", has_text=summary))
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    for name, value in fields.items():
        field = part.locator(f'[name="{name}"]')
        if field.evaluate("node => node.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)
    part.get_by_role("button", name=button, exact=True).click()


def reply(page: Page, text: str) -> None:
    """Answer, and wait until the answer stands in the transcript."""
    page.fill("#text", text)
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator("#lines .line.staff").last).to_contain_text(text)
