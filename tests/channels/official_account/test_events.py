"""Tests that every kind of message and event gets a sensible answer or a deliberate silence, once."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from bot.desk.messages import QuickReply, Reply
from bot.storage import outbox
from bot.storage.notes import Place
from bot.storage.tables import metadata
from tests.channels.official_account.conftest import Account, until
from tests.support.account_client import number
from tests.support.busy import allowed

RATINGS = tuple(
    QuickReply(rating["title"], rating["payload"])
    for rating in yaml.safe_load(Path("data/responses/handoffs.yml").read_text("utf-8"))["ratings"]
)


@pytest.mark.parametrize(
    ("kind", "fields", "said", "mark"),
    [
        ("image", {"PicUrl": "http://x/y", "MediaId": "m"}, "图片收到了", "[图片]"),
        ("voice", {"MediaId": "m", "Format": "amr"}, "没有识别出文字", "[语音]"),
        ("voice", {"MediaId": "m", "Recognition": " "}, "没有识别出文字", "[语音]"),
        ("video", {"MediaId": "m", "ThumbMediaId": "t"}, "视频收到了", "[视频]"),
        ("shortvideo", {"MediaId": "m"}, "视频收到了", "[视频]"),
        ("link", {"Title": "t", "Url": "http://x"}, "链接收到了", "[链接]"),
        ("location", {"Location_X": "32.9", "Location_Y": "115.8", "Label": "x"}, "地址:", "[位置]"),
        ("file", {}, "还看不懂", "[其他消息]"),
        ("text", {"Content": "【收到不支持的消息类型，暂无法显示】"}, "还看不懂", "[其他消息]"),
        ("text", {"Content": ""}, "没有收到文字", "[其他消息]"),
    ],
)
@pytest.mark.parametrize("mode", ["secure", "yixin"])
async def test_what_is_no_text(opened, mode, kind, fields, said, mark) -> None:
    run = await opened(mode)
    pushed = run.client.wrap(run.client.xml("u1", kind, MsgId=int(number()), **fields))
    answers = [await run.client.push(pushed) for _ in range(2)]
    assert said in answers[0].text
    assert answers[1].raw == "success"
    assert run.brain.asked == []
    assert [row.masked for row in run.rows("inbox")] == [mark]
    assert run.rows("enquiries") == []
    await until(lambda: [state for _, state in run.outbox] == ["sent"])


async def test_a_voice_that_was_recognised_is_a_question(each: Account) -> None:
    clear = each.client.xml("u1", "voice", MsgId=int(number()), MediaId="m", Recognition="备案要什么材料")
    assert (await each.client.push(each.client.wrap(clear))).text.startswith("答:备案要什么材料")


async def test_an_answer_of_our_own_keeps_the_conversation(each: Account) -> None:
    await each.client.ask("u1", "一")
    await each.client.push(each.client.wrap(each.client.xml("u1", "image", MsgId=int(number()))))
    await each.client.ask("u1", "二")
    assert [turn["context"] for turn in each.brain.asked] == [{}, {"turns": 1}]


async def test_who_subscribes_is_welcomed_once(each: Account) -> None:
    pushed = each.client.event("u1", "subscribe", EventKey="qrscene_1", Ticket="t")
    answers = [await each.client.push(pushed) for _ in range(3)]
    assert "咨询助手" in answers[0].text
    assert "专精特新" in answers[0].text
    assert [answer.raw for answer in answers[1:]] == ["success", "success"]
    assert each.platform.sent("custom/send") == []


@pytest.mark.parametrize("name", ["CLICK", "click", "Click"])
async def test_a_tap_on_the_menu_asks(opened, name) -> None:
    run = await opened("secure")
    answer = await run.client.push(run.client.event("u1", name, EventKey="ask:专精特新"))
    assert answer.text.startswith("答:专精特新")
    assert "打字" in (await run.client.push(run.client.event("u1", name, EventKey="V1001_GOOD"))).text


async def test_two_events_of_one_second_are_two(each: Account) -> None:
    now = int(time.time())
    for key in ("ask:一", "ask:二", "ask:一"):
        await each.client.push(each.client.event("u1", "CLICK", now, EventKey=key))
    assert [turn["text"] for turn in each.brain.asked] == ["一", "二"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("VIEW", {"EventKey": "http://x", "MenuId": 1}),
        ("LOCATION", {"Latitude": "1", "Longitude": "2", "Precision": "3"}),
        ("TEMPLATESENDJOBFINISH", {"MsgID": 200163836, "Status": "failed:user block"}),
        ("MASSSENDJOBFINISH", {"MsgID": 1}),
        ("kf_create_session", {"KfAccount": "a@b"}),
        ("subscribe_msg_sent_event", {}),
        ("scancode_push", {"EventKey": "k"}),
        ("something_new", {}),
    ],
)
async def test_other_events_are_met_with_silence(opened, name, fields) -> None:
    run = await opened("secure")
    answer = await run.client.push(run.client.event("u1", name, **fields))
    assert (answer.status, answer.raw) == (200, "success")
    assert run.rows("inbox") == run.rows("outbox") == []
    assert run.platform.calls == []


def texts_of(run: Account) -> str:
    """Give everything that stands in the database, as one text."""
    with run.gateway.gateway.database.reading() as connection:
        return "\n".join(
            str(tuple(row))
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        )


async def test_who_leaves_is_forgotten_and_still_counted(each: Account) -> None:
    user = "oLEAVERleaver0123456789"
    await each.client.ask(user, "我的问题甲")
    await each.client.ask("oSTAYS", "别人的问题乙")
    await each.client.push(each.client.event(user, "subscribe", 1_700_000_000))
    before = len(each.rows("enquiries")), len(each.rows("inbox")), len(each.rows("outbox"))
    leaving = each.client.event(user, "unsubscribe")
    assert (await each.client.push(leaving)).raw == "success"
    told = texts_of(each)
    assert user not in told
    assert "我的问题甲" not in told
    assert "别人的问题乙" in told
    assert "oSTAYS" in told
    assert (len(each.rows("enquiries")), len(each.rows("inbox")), len(each.rows("outbox"))) == before
    assert (await each.client.ask(user, "我又来了")).text.startswith("答:我又来了")
    assert (await each.client.push(leaving)).raw == "success"  # a late retry forgets nothing new
    assert "我又来了" in texts_of(each)


async def test_who_leaves_while_an_answer_is_made_gets_none(opened) -> None:
    run = await opened("secure", BOT_PASSIVE_SECONDS="0.1")
    await run.client.ask("u1", "!sleep 0.8 问题")
    await run.client.push(run.client.event("u1", "unsubscribe"))
    await asyncio.sleep(1.2)
    assert run.rows("outbox") == []
    assert run.platform.arrived["u1"] == []
    assert [row.state for row in run.rows("inbox")] == ["done"]


async def test_the_platform_does_not_wait_for_a_turn_that_has_nothing_to_say(opened) -> None:
    run = await opened("secure")
    asking = asyncio.ensure_future(run.client.ask("u1", "!sleep 3 问题"))
    await until(lambda: len(run.brain.asked) == 1)
    await run.client.push(run.client.event("u1", "unsubscribe"))
    answer = await asking
    assert answer.raw == "success"
    assert answer.seconds < allowed(2.5)
    assert run.platform.sent("typing") == []


async def test_consent_to_notices_is_kept_and_used_once(opened, monkeypatch) -> None:
    run = await opened("secure")
    face = run.gateway.gateway.channels["wechat"]._face
    from dataclasses import replace

    from bot.channels.official_account.texts import Notice

    notice = Notice("tpl", None, {"thing1": "已有答复"}, long_term=False)
    texts = replace(face._texts._content, notice=notice)
    monkeypatch.setattr(face._texts, "_content", texts)
    item = "<List><TemplateId>tpl</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
    clear = run.client.xml("u1", "event", Event="subscribe_msg_popup_event")
    clear = clear.replace("</xml>", f"<SubscribeMsgPopupEvent>{item}</SubscribeMsgPopupEvent></xml>")
    pushed = run.client.wrap(clear)
    for _ in range(2):  # pushed again it is the same consent
        assert (await run.client.push(pushed)).raw == "success"
    await run.client.ask("u1", "备案")
    for number_, (user_text, notices) in enumerate((("答复一", 1), ("答复二", 1))):
        with run.gateway.gateway.database.writing() as connection:
            connection.exec_driver_sql("UPDATE conversations SET send_before = 1")
            conversation, now = run.rows("conversations")[0].id, time.time()
            outbox.put(connection, conversation, [Reply(user_text)], now, author="staff", next_at=now)
        await until(lambda n=number_: [s for _, s in run.outbox].count("held") == n + 1)
        assert len(run.platform.sent("bizsend")) == notices
    body = run.platform.sent("bizsend")[0]
    assert body == {"touser": "u1", "template_id": "tpl", "data": {"thing1": {"value": "已有答复"}}}


async def test_satisfaction_is_asked_by_a_menu_in_the_message(opened) -> None:
    run = await opened("secure")
    await run.client.ask("u1", "备案")
    survey = Reply("您对答复满意吗?", RATINGS)
    with run.gateway.gateway.database.writing() as connection:
        conversation, now = run.rows("conversations")[0].id, time.time()
        outbox.put(connection, conversation, [survey], now, next_at=now)
    await until(lambda: bool(run.platform.sent("custom/send")))
    menu = run.platform.sent("custom/send")[0]["msgmenu"]
    assert menu["head_content"] == "您对答复满意吗?"
    assert [item["content"] for item in menu["list"]] == [button.title for button in RATINGS]
    tapped = await run.client.push(run.client.text("u1", RATINGS[0].title, bizmsgmenuid="101"))
    assert tapped.text.startswith("答:5分 非常满意")


async def test_an_account_without_menus_in_messages_gets_the_choices_as_text(opened) -> None:
    run = await opened("secure")
    run.platform.says.append(40200)
    await run.client.ask("u1", "备案")
    survey = Reply("满意吗?", RATINGS)
    with run.gateway.gateway.database.writing() as connection:
        conversation, now = run.rows("conversations")[0].id, time.time()
        outbox.put(connection, conversation, [survey], now, next_at=now)
    await until(lambda: bool(run.platform.arrived["u1"]))
    assert run.platform.arrived["u1"][0].startswith("满意吗?")
    assert "评价1分" in run.platform.arrived["u1"][0]


def test_a_note_stands_under_a_pseudonym() -> None:
    assert Place("wechat", "p", "n").values == {"of": "wechat", "about": "p", "called": "n"}
