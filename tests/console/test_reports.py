"""Statistics, registers and the yearly report in the console: the same figures everywhere."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date, datetime

import openpyxl
from docx import Document

from bot.desk.statistics import Scope
from bot.reports.labels import load_labels
from bot.reports.statistics import figures_of, table_of
from bot.storage.statistic_files import load_statistics
from tests.console.conftest import Browser, Running
from tests.conversing import DATA
from tests.reports.histories import fill, history
from tests.samples import catalogue

SPAN = {"first": "2024-01-01", "last": "2024-12-31"}
QUERY = "?first=2024-01-01&last=2024-12-31"


def filled(console: Running) -> None:
    sections = ("investment", "office")
    with console.console.database.writing() as connection:
        fill(connection, history(random.Random(9), 800, sections=sections))


async def sent(browser: Browser, path: str, **fields: str) -> tuple[bytes, str]:
    """Send a form that gives a file; give the file and its name."""
    async with browser.client.post(path, data={"csrf": browser.csrf, **fields}) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read(), answer.headers["Content-Disposition"]


def lines(text: str) -> list[list[str]]:
    """Give the cells of the table of a page."""
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    assert body
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body[1], re.DOTALL)
    return [
        [cell.strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows
    ]


NAMES = ("by-outcome", "by-day", "by-facet", "cases-by-kind", "bot-reply-times", "handoffs-in-time")


async def test_page_csv_xlsx_and_command_agree_to_the_digit(console: Running) -> None:
    filled(console)
    browser = await console.enter("auditor")
    book, _ = await sent(browser, "/statistics/export", format="xlsx", **SPAN)
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    for name in NAMES:
        definition = load_statistics(DATA)[name]
        shown = lines(await browser.get(f"/statistics/{name}{QUERY}"))
        told, _ = await sent(browser, "/statistics/export", id=name, format="csv", **SPAN)
        _, *from_csv = csv.reader(io.StringIO(told.decode("utf-8-sig")))
        assert told.startswith(b"\xef\xbb\xbf")
        sheet = sheets[definition.sheet]
        _, *from_xlsx = sheet.iter_rows(values_only=True)
        scope = Scope(date(2024, 1, 1), date(2024, 12, 31), date(2026, 11, 25))
        with console.console.database.reading() as connection:
            figures = figures_of(connection, definition, scope)
        command = list(table_of(definition, figures, load_labels(DATA), catalogue()).lines)
        as_text = [["" if value is None else str(value) for value in line] for line in command]
        assert shown == from_csv == as_text, name
        assert len(shown) == 367 if name == "by-day" else len(shown) > 1  # every day of 2024, and the whole
        # A day is a day in the workbook, too; the reader gives it with the hour.
        read = [tuple(v.date() if isinstance(v, datetime) else v for v in line) for line in from_xlsx]
        assert read == [tuple(line) for line in command], name
        assert sheet.freeze_panes == "A2"


async def test_staff_see_their_section_and_auditors_all(console: Running) -> None:
    filled(console)
    whole = lines(await (await console.enter("auditor")).get(f"/statistics/by-section{QUERY}"))
    staff = await console.enter("staff")
    own = lines(await staff.get(f"/statistics/by-section{QUERY}&section=office"))
    assert len(whole) == 4  # two sections, none, and the whole
    assert len(own) == 2
    assert own[0] in [[*line[:2], "100.0"] for line in whole]
    narrowed = lines(
        await (await console.enter("office")).get(f"/statistics/by-section{QUERY}&section=office")
    )
    assert len(narrowed) == 2
    assert narrowed[0][0] != own[0][0]


async def test_every_export_is_in_the_audit_log_and_nothing_of_it_is_left(console: Running) -> None:
    filled(console)
    browser = await console.enter("section-head")
    await browser.get("/statistics")
    told, name = await sent(browser, "/statistics/monthly", month="2024-05")
    assert "2024-05" in name
    assert Document(io.BytesIO(told)).tables[0].rows[1].cells[0].text == "咨询件数"
    await sent(browser, "/statistics/export", id="by-topic", format="csv", **SPAN)
    rows = [row for row in console.rows("audit_log") if row.action == "exported"]
    assert [(row.actor, row.subject) for row in rows] == [
        ("section-head", "monthly 2024-05"),
        ("section-head", "by-topic"),
    ]
    assert '"section": "investment"' in rows[1].detail
    assert not list((console.console.services.settings.var / "exports").iterdir())


async def test_a_picture_is_svg_with_live_text_and_a_policy_of_its_own(console: Running) -> None:
    filled(console)
    browser = await console.enter("auditor")
    page = await browser.get(f"/statistics/busy-hours{QUERY}")
    assert '<img src="/statistics/busy-hours.svg?first=2024-01-01' in page
    async with browser.client.get(f"/statistics/busy-hours.svg{QUERY}") as answer:
        text = await answer.text()
        assert answer.content_type == "image/svg+xml"
        assert "script" not in answer.headers["Content-Security-Policy"]
    assert "周一" in text
    assert "<script" not in text
    await browser.get("/statistics/no-such-one", 404)
    await browser.get("/statistics?first=2025-01-01&last=2024-01-01", 400)


async def test_a_case_is_registered_answered_and_kept_apart(console: Running) -> None:
    browser = await console.enter("staff")
    await browser.get("/registers?kind=telephone")
    told = {"kind": "telephone", "received": "2026-11-02", "topic": "hotline"}
    person = {"name": "金丝雀", "contact": "13912345678", "text": "来电内容"}
    _, where = await browser.post("/registers", **told, **person)
    number = where.partition("?")[0].rpartition("/")[2]
    page = await browser.get(f"/registers/{number}")
    assert "金丝雀" in page
    await browser.post(f"/registers/{number}", step="answered", day="2026-11-03", outcome="answered")
    assert "已答复（2026-11-03）" in await browser.get(f"/registers/{number}")
    await browser.post(f"/registers/{number}", 400, step="answered", day="2026-11-04", outcome="answered")
    auditor = await console.enter("auditor")
    seen = await auditor.get(f"/registers/{number}")
    assert "金丝雀" not in seen
    assert "登记这一步" not in seen
    assert [row.action for row in console.rows("audit_log")][-3:-1] == ["case_registered", "case_step"]
    assert not any("金丝雀" in str(tuple(row)) for row in console.rows("register_events"))


async def test_a_section_does_not_see_the_cases_of_another(console: Running) -> None:
    office = await console.enter("office")
    await office.get("/registers")
    told = {"kind": "application", "received": "2026-11-02", "applicant": "person", "method": "in_person"}
    _, where = await office.post("/registers", section="office", **told)
    number = where.partition("?")[0].rpartition("/")[2]
    page = await office.get(f"/registers/{number}")
    assert "到期日" in page
    staff = await console.enter("staff")
    await staff.get(f"/registers/{number}", 404)
    await staff.post(f"/registers/{number}", 400, step="answered", day="2026-11-03", outcome="R3.1")
    assert number not in await staff.get("/registers?kind=application")
    assert number in await office.get("/registers?kind=application")


async def test_the_yearly_report_is_supplied_checked_and_published(console: Running) -> None:
    office = await console.enter("office")
    page = await office.get("/annual/2025")
    assert page.count("<tr") > 40
    assert "还没有填报" in page
    await office.post("/annual/2025/publish", 400)
    cells = ["normative.made", "normative.repealed", "normative.valid", "permits.decided"]
    for cell in (*cells, "penalties.decided", "coercion.decided", "fees.amount"):
        await office.post("/annual/2025", cell=cell, value="0", basis="统计")
    for cell in ("text.problems", "text.other"):
        await office.post("/annual/2025", cell=cell, value="<b>没有</b>信息处理费。", basis="办公室")
    await office.post("/annual/2025", 400, cell="permits.decided", value="许多", basis="统计")
    page = await office.get("/annual/2025")
    assert "&lt;b&gt;没有" in page
    await office.post("/annual/2025/publish")
    told, _ = await sent(office, "/annual/2025/export", format="docx")
    assert "没有" in Document(io.BytesIO(told)).paragraphs[-1].text
    assert "互相矛盾" in await office.get("/annual/2023")
    assert "1500余条" in await (await console.enter("auditor")).get("/annual/2014")
