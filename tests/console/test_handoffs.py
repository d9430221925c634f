"""Working on handoffs through the pages: who sees what, what can be done, and what comes of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.desk.handoffs import Change, HandoffState
from bot.desk.messages import Outcome
from bot.desk.staff import Role
from bot.storage import enquiries, handoffs, pictures
from bot.storage.pictures import Picture
from bot.storage.tables import outbox
from tests.console.cases import enquiry, open_case, write
from tests.console.conftest import Running, add_account

QUESTION = "技改备案要什么材料"


def case(desk: Running, **more: object) -> str:
    with desk.console.database.writing() as connection:
        return open_case(connection, desk.console.services.casework(), **more)  # type: ignore[arg-type]


def state(desk: Running, number: str) -> HandoffState:
    with desk.console.database.reading() as connection:
        found = handoffs.by_number(connection, number)
    assert found
    return found.state


async def test_staff_see_their_section_the_office_and_auditors_all(desk: Running) -> None:
    ours, theirs = case(desk), case(desk, section="equipment")
    for login, seen in {
        "staff": {ours},
        "section-head": {ours},
        "office": {ours, theirs},
        "auditor": {ours, theirs},
    }.items():
        browser = await desk.enter(login)
        text = await browser.get("/handoffs")
        assert {n for n in (ours, theirs) if n in text} == seen, login
        for number in (ours, theirs):
            await browser.get(f"/handoffs/{number}", 200 if number in seen else 404)


async def test_a_section_never_sees_the_complaint_about_it(console: Running) -> None:
    with console.console.database.writing() as connection:
        number = open_case(connection, console.console.services.casework(), reason="complaint")
    office = await console.enter("office")
    await office.get(f"/handoffs/{number}")
    await office.post(f"/handoffs/{number}/keep-from", section="investment")
    staff = await console.enter("staff")
    assert number not in await staff.get("/handoffs")
    await staff.get(f"/handoffs/{number}", 404)
    await staff.post(f"/handoffs/{number}/note", 404, text="x")


async def test_a_complaint_is_not_read_through_another_handoff_of_its_conversation(console: Running) -> None:
    """Nor found among what is to be learnt, nor merged into by somebody who may not see it."""
    with console.console.database.writing() as connection:
        work = console.console.services.casework()
        complaint = open_case(
            connection, work, reason="complaint", text="他们科窗口的人骂我", conversation="webchat:both"
        )
    office, staff = await console.enter("office"), await console.enter("staff")
    await office.get(f"/handoffs/{complaint}")
    await office.post(f"/handoffs/{complaint}/keep-from", section="investment")
    with console.console.database.writing() as connection:
        before = handoffs.by_number(connection, complaint)
        assert before
        closed = replace(before, state=HandoffState.CLOSED, closed_at=before.opened_at + 60, version=9)
        assert handoffs.save(connection, before, Change(closed, ()))
        ours = open_case(connection, work, at=before.opened_at + 600, conversation="webchat:both")
        line = write(connection, "webchat:both", "电话是[电话]", before.opened_at + 30)
        elsewhere = open_case(connection, work, section="equipment")
    text = await staff.get(f"/handoffs/{ours}")
    assert QUESTION in text
    assert "骂我" not in text
    assert "骂我" in await office.get(f"/handoffs/{ours}")
    await staff.post(f"/handoffs/{ours}/original", 400, html=False, line=str(line))
    await office.post(f"/handoffs/{ours}/original", 200, html=False, line=str(line))
    assert "骂我" not in await staff.get("/improve")
    assert ours not in await staff.get("/handoffs?q=骂我")
    assert ours in await staff.get("/handoffs?q=备案")
    assert ours in await office.get("/handoffs?q=骂我")
    for unseen in (complaint, elsewhere):
        refused, _ = await staff.post(f"/handoffs/{ours}/merge", 409, into=unseen)
        assert "没有这个回执号" in refused


async def test_the_office_complained_about_is_blind_too(console: Running) -> None:
    number = case(console, section="equipment")
    head = await console.enter("office")
    await head.post(f"/handoffs/{number}/keep-from", section="office")
    await head.get(f"/handoffs/{number}", 404)
    assert number not in await head.get("/handoffs")


async def test_from_claim_to_close(desk: Running) -> None:
    number = case(desk, text="技改备案要什么材料,电话[电话]")
    staff = await desk.enter("staff")
    text = await staff.get(f"/handoffs/{number}")
    assert "接手以后" in text
    assert "把握 0.41" in text
    assert "工业投资项目备案" in text  # the candidate by its name
    assert 'id="reply"' not in text
    await staff.post(f"/handoffs/{number}/claim")
    text = await staff.get(f"/handoffs/{number}")
    assert 'id="reply"' in text
    assert "建议答复" in text
    assert "营业执照" in text  # of the suggestion: the whole answer of the entry
    told, _ = await staff.post(f"/handoffs/{number}/close", 409, outcome="answered", entry="s01")
    assert "还没有答复对方" in told
    await staff.post(f"/handoffs/{number}/reply", text="请准备企业基本情况。")
    await staff.post(f"/handoffs/{number}/close", outcome="answered", entry="s10 首台套重大技术装备评定")
    assert state(desk, number) is HandoffState.CLOSED
    said = [(row.author, row.text) for row in desk.rows("outbox")]
    assert ("staff", "请准备企业基本情况。") in said
    enquiry = desk.rows("enquiries")[0]
    assert (enquiry.entry_id, enquiry.entry_code) == ("first-set", "s10")
    assert enquiry.explanation  # what the bot thought is kept
    assert desk.rows("corrections")[0].old["entry_id"] is None
    deeds = [row.action for row in desk.rows("audit_log") if row.subject == number]
    assert deeds == ["handoff_claim", "handoff_reply", "handoff_close"]


async def test_of_two_who_claim_at_once_one_wins(desk: Running) -> None:
    add_account(desk.console, "second", Role.STAFF)
    numbers = [case(desk) for _ in range(5)]
    one, other = await desk.enter("staff"), await desk.enter("second")
    for number in numbers:
        headers = {"Accept": "application/json"}

        async def claim(browser, number=number, headers=headers):
            data = {"csrf": browser.csrf}
            async with browser.client.post(f"/handoffs/{number}/claim", data=data, headers=headers) as done:
                return done.status

        assert sorted(await asyncio.gather(claim(one), claim(other))) == [200, 409]
    claimed = [row for row in desk.rows("handoff_events") if row.kind == "claimed"]
    assert len(claimed) == len(numbers)


async def test_transfer_accept_and_return(console: Running) -> None:
    number = case(console)
    add_account(console.console, "zbk", Role.STAFF, "equipment")
    staff, other = await console.enter("staff"), await console.enter("zbk")
    await other.get(f"/handoffs/{number}", 404)
    await staff.post(f"/handoffs/{number}/claim")
    told, _ = await staff.post(f"/handoffs/{number}/transfer", 409, to="equipment", reason="")
    assert "请写明理由" in told
    await staff.post(f"/handoffs/{number}/transfer", to="equipment", reason="首台套由贵科负责")
    assert "首台套由贵科负责" in await other.get(f"/handoffs/{number}")
    await other.post(f"/handoffs/{number}/return", reason="不是首台套", proposed="investment")
    await staff.post(f"/handoffs/{number}/transfer", to="equipment", reason="请再看")
    await other.post(f"/handoffs/{number}/accept")
    await other.post(f"/handoffs/{number}/reply", text="我们来办。")
    await staff.post(f"/handoffs/{number}/reply", 409, text="还是我答")


async def test_extension_assignment_note_merge_and_reopening(console: Running) -> None:
    number, double = case(console), case(console)
    staff, head = await console.enter("staff"), await console.enter("section-head")
    await head.post(f"/handoffs/{number}/assign", to="staff")
    await staff.post(f"/handoffs/{number}/extend", 409, days="2", post="科长岗", reason="要核实")
    await head.post(f"/handoffs/{number}/extend", days="2", post="科长岗", reason="要核实")
    await staff.post(f"/handoffs/{number}/note", text="已问财政")
    assert "已问财政" in await head.get(f"/handoffs/{number}")
    await staff.post(f"/handoffs/{double}/merge", into=number.lower())
    assert state(console, double) is HandoffState.CLOSED
    await staff.post(f"/handoffs/{number}/close", outcome="withdrawn", entry="")
    await staff.post(f"/handoffs/{number}/reopen", reason="对方又来问")
    assert state(console, number) is HandoffState.REOPENED
    assert "延长时限" in await staff.get(f"/handoffs/{number}")


async def test_what_is_typed_is_kept_when_it_is_refused(console: Running) -> None:
    number = case(console)
    staff = await console.enter("staff")
    text, _ = await staff.post(f"/handoffs/{number}/note", 409, text="")
    assert "内容是空的" in text
    headers = {"Accept": "application/json"}
    data = {"csrf": staff.csrf, "text": "答复"}
    async with staff.client.post(f"/handoffs/{number}/reply", data=data, headers=headers) as done:
        assert done.status == 409
        assert "请先接手" in (await done.json())["error"]["message"]


async def test_an_answer_can_be_said_to_be_wrong(console: Running) -> None:
    number = case(console)
    staff = await console.enter("staff")
    text = await staff.get(f"/handoffs/{number}")
    line = re.search(r'name="line" value="(\d+)"', text)
    assert line
    await staff.post(f"/handoffs/{number}/wrong", line=line[1], remark="答非所问")
    assert "已指出这条答复不对" in await staff.get(f"/handoffs/{number}")
    assert [row.remark for row in console.rows("doubts")] == ["答非所问"]
    other = case(console)
    await staff.post(f"/handoffs/{other}/wrong", 400, line=line[1])  # of another conversation
    await staff.post(f"/handoffs/{number}/wrong", 400, line="x")


async def test_who_sees_what_was_typed_is_written_down(console: Running) -> None:
    number = case(console, text="联系我[电话]")
    staff = await console.enter("staff")
    assert "13800000000" not in await staff.get(f"/handoffs/{number}")
    line = console.rows("inbox")[0].id
    text, _ = await staff.post(f"/handoffs/{number}/original", 200, html=False, line=str(line))
    assert "13800000000" in text
    log = console.rows("audit_log")[-1]
    assert (log.action, log.subject) == ("original_seen", number)
    assert "13800000000" not in log.detail


async def test_why_a_reply_has_not_arrived_is_told(console: Running) -> None:
    number = case(console)
    staff = await console.enter("staff")
    assert "超过48小时" not in await staff.get(f"/handoffs/{number}")
    with console.console.database.writing() as connection:
        changed = {"state": "held", "reason": "对方超过48小时没有来消息(45015)<b>"}
        connection.execute(sa.update(outbox).values(**changed))
    assert "对方超过48小时没有来消息(45015)&lt;b&gt;" in await staff.get(f"/handoffs/{number}")


async def test_a_picture_is_shown_to_whoever_works_on_it_and_that_is_noted(console: Running) -> None:
    number, other = case(console, text="[图片]"), case(console, text="[图片]")
    line = console.rows("inbox")[0].id
    shot = Picture("image/png", b"\x89PNG\r\n\x1a\n12345")
    with console.console.database.writing() as connection:
        assert pictures.put(connection, line, shot, 1.0)
    staff = await console.enter("staff")
    where = f"/handoffs/{number}/pictures/{line}"
    assert f'href="{where}"' in await staff.get(f"/handoffs/{number}")
    async with staff.client.get(where) as shown:
        assert (shown.status, shown.content_type, await shown.read()) == (200, "image/png", shot.content)
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
    log = console.rows("audit_log")[-1]
    assert (log.action, log.subject) == ("picture_seen", number)
    for wrong in (f"/handoffs/{other}/pictures/{line}", f"/handoffs/{number}/pictures/{line + 99}"):
        async with staff.client.get(wrong) as shown:
            assert shown.status == 404


@pytest.mark.parametrize("found", ["备案", "项目用地"])
async def test_search_in_chinese(desk: Running, found: str) -> None:
    number = case(desk, text="项目用地预审和备案哪个先办")
    other = case(desk, text="首台套还能报吗_50%")
    staff = await desk.enter("staff")
    text = await staff.get(f"/handoffs?q={found}")
    assert number in text
    assert other not in text
    assert other in await staff.get("/handoffs?q=50%25")
    assert number not in await staff.get("/handoffs?q=_50%25")


STRANGE = ["view=x", "order=x", "page=0", "page=x", "page=99999", "section=x", "q=%00"]


async def test_a_bare_wish_for_a_person_shows_what_was_asked_before(console: Running) -> None:
    with console.console.database.writing() as connection:
        work = console.console.services.casework()
        key = write(connection, "webchat:bare", QUESTION, 1_795_489_000.0)
        enquiries.put(connection, enquiry(key, "webchat:bare", Outcome.ANSWERED))
        number = open_case(connection, work, text="转人工", conversation="webchat:bare")
    staff = await console.enter("staff")
    assert f'<span class="q">{QUESTION}</span>' in await staff.get("/handoffs")
    await staff.post(f"/handoffs/{number}/claim")
    assert "可能的事项" in await staff.get(f"/handoffs/{number}")


async def test_after_a_correction_the_page_still_shows_what_the_bot_thought(console: Running) -> None:
    number = case(console, entry="filing")
    staff = await console.enter("staff")
    thought = r"助手的判断:转人工([^<]*)</summary>"
    before = re.findall(thought, await staff.get(f"/handoffs/{number}"))
    await staff.post(f"/handoffs/{number}/claim")
    await staff.post(f"/handoffs/{number}/close", outcome="unreachable", entry="s10")
    text = await staff.get(f"/handoffs/{number}")
    assert re.findall(thought, text) == before != []
    (row,) = console.rows("corrections")
    assert row.new["entry_code"] == "s10"
    assert row.old["entry_code"] is None


@pytest.mark.parametrize("query", STRANGE)
async def test_a_strange_query_is_no_fault(console: Running, query: str) -> None:
    case(console)
    await (await console.enter("office")).get(f"/handoffs?{query}")


async def test_the_views_of_the_list(console: Running) -> None:
    first, second = case(console), case(console)
    staff = await console.enter("staff")
    await staff.post(f"/handoffs/{first}/claim")
    views = ("waiting", "mine", "overdue", "closed")
    shown = {view: await staff.get(f"/handoffs?view={view}") for view in views}
    assert [first in shown[v] for v in shown] == [False, True, False, False]
    assert [second in shown[v] for v in shown] == [True, False, False, False]
    console.clock.now += 30 * 86400
    staff = await console.enter("staff")
    assert second in await staff.get("/handoffs?view=overdue")


async def test_what_is_said_is_escaped(console: Running) -> None:
    number = case(console, text="<script>alert(1)</script>")
    staff = await console.enter("staff")
    for path in ("/handoffs", f"/handoffs/{number}", "/handoffs?q=%3Cscript%3Ealert"):
        assert "<script>alert" not in await staff.get(path)


async def heard(browser, seconds: float = 3.0) -> list[str]:
    """Give what the stream of news says within some seconds."""
    lines: list[str] = []
    async with browser.client.get("/events") as stream:
        try:
            while True:
                line = await asyncio.wait_for(stream.content.readline(), seconds)
                if line.startswith(b"data:"):
                    lines.append(line.decode())
                    seconds = 0.8
        except asyncio.TimeoutError:
            pass
    return lines


async def test_news_reaches_those_whom_it_concerns(desk: Running) -> None:
    number = case(desk)
    staff, office = await desk.enter("staff"), await desk.enter("office")
    add_account(desk.console, "zbk", Role.STAFF, "equipment")
    other = await desk.enter("zbk")
    await asyncio.sleep(0.8)  # the news of the opening has gone by
    hearing = [asyncio.create_task(heard(browser)) for browser in (staff, office, other)]
    await asyncio.sleep(0.7)
    with desk.console.database.writing() as connection:
        found = handoffs.by_number(connection, number)
        assert found
        write(connection, found.conversation, "补充一句", desk.clock.now)
    ours, theirs, others = await asyncio.gather(*hearing)
    assert [number in line for line in ours] == [True]
    assert '"author":"enquirer"' in ours[0]
    assert len(theirs) == 1
    assert others == []
    assert "about" not in ours[0]


async def test_news_of_a_page_that_left_is_forgotten(console: Running) -> None:
    staff = await console.enter("staff")
    stream = await staff.client.get("/events")
    await stream.content.readline()
    assert console.console.services.feed.listeners == 1
    stream.close()
    case(console)
    for _ in range(60):
        if not console.console.services.feed.listeners:
            break
        case(console)
        await asyncio.sleep(0.1)
    assert console.console.services.feed.listeners == 0


async def test_the_office_may_look_and_only_the_responsible_answers(console: Running) -> None:
    number = case(console)
    office = await console.enter("office")
    await office.post(f"/handoffs/{number}/claim", 409)
    await office.post(f"/handoffs/{number}/transfer", to="equipment", reason="由装备科办理")


async def test_an_undeliverable_answer_is_shown(console: Running) -> None:
    number = case(console)
    with console.console.database.writing() as connection:
        connection.execute(sa.update(outbox).values(state="undeliverable"))
    staff = await console.enter("staff")
    assert "无法送达" in await staff.get(f"/handoffs/{number}")
