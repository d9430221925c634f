"""Every kind of message and event of the description, from a stranger: an answer, or silence on purpose."""

from __future__ import annotations

import contextlib
import sqlite3
import time

import pytest

from tests.channels.stranger.wire import APP_SECRET, KEY, TOKEN, Heard, Wire, fresh
from tests.channels.stranger.world import World, wait_for

pytestmark = [pytest.mark.slow]


def message(wire: Wire, user: str, kind: str, **fields: str) -> Heard:
    """Push a message of a kind."""
    return wire.send(wire.wrap(wire.xml(user, kind, **fields, MsgId=str(fresh())), user=user))


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("image", {"PicUrl": "http://mmbiz.example/1.jpg", "MediaId": "m1"}, "图片"),
        ("voice", {"MediaId": "m2", "Format": "amr"}, "语音"),
        ("voice", {"MediaId": "m2", "Format": "amr", "Recognition": ""}, "语音"),
        ("voice", {"MediaId": "m2", "Format": "speex", "MediaId16K": "m3", "Recognition": "  "}, "语音"),
        ("video", {"MediaId": "m4", "ThumbMediaId": "t"}, "视频"),
        ("shortvideo", {"MediaId": "m5", "ThumbMediaId": "t"}, "视频"),
        ("link", {"Title": "标题", "Description": "描述", "Url": "https://example.com/"}, "链接"),
        (
            "location",
            {"Location_X": "32.9", "Location_Y": "115.8", "Scale": "20", "Label": "某地"},
            "清河路539号",
        ),
        ("location", {"Location_X": "nan", "Location_Y": "x", "Scale": "20", "Label": ""}, "清河路539号"),
        ("location", {}, "清河路539号"),
        ("text", {"Content": "【收到不支持的消息类型，暂无法显示】"}, "打成文字"),
        ("text", {"Content": ""}, "文字"),
        ("text", {"Content": " \n\t "}, "文字"),
        ("text", {"Content": "\u200b\u00ad"}, "消息是空的"),
        ("text", {}, "文字"),
        ("file", {"Title": "a.pdf"}, "打成文字"),
        ("card", {}, "打成文字"),
        ("goods", {}, "打成文字"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_question(each: World, user: str, kind: str, fields: dict[str, str], said: str) -> None:
    asked = len(each.brain.asked)
    heard = message(each.wire, user, kind, **fields)
    assert heard.text is not None
    assert said in heard.text
    assert len(each.brain.asked) == asked


QUESTIONS = {
    "a slash": "/restart",
    "an intent": '/greet{"a": "b"}',
    "marks of xml": "1 < 2 && 3 > 2 \"'",
    "the end of cdata": "a]]>b]]]]>c<![CDATA[d",
    "emoji": "👨‍👩‍👧‍👦🇨🇳❤️ 备案",
    "outside the first plane": "𠮷野家 𝕏",
    "lines": "第一行\n第二行",
    "braces": "{bureau} %s %(x)s {{}}",
    "a formula": "=HYPERLINK(1)",
    "sql": "'; DROP TABLE inbox; --",
    "right to left": "\u202e反的\u202c",
}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_comes_through_as_it_was_typed(each: World, user: str, name: str) -> None:
    text = f"{name}:{QUESTIONS[name]}"
    inside = text.replace("]]>", "]]]]><![CDATA[>")
    heard = message(each.wire, user, "text", Content=inside)
    assert heard.text is not None
    assert each.brain.asked[-1]["text"] == text


def test_escaped_text_is_text(each: World, user: str) -> None:
    wire = each.wire
    clear = wire.xml(user, "text", MsgId=str(fresh()))
    content = b"<Content>&lt;b&gt;&amp;amp;&#33756;<![CDATA[<i>]]>&#x1F600;</Content>"
    wire.send(wire.wrap(clear.replace(b"</xml>", content + b"</xml>")))
    assert each.brain.asked[-1]["text"] == "<b>&amp;菜<i>😀"


def test_raw_characters_that_xml_forbids_are_left_out(each: World, user: str) -> None:
    assert message(each.wire, user, "text", Content="零\x00一\x08二\x1f三\ufffe").acknowledged
    assert each.brain.asked[-1]["text"] == "零一二三"


def test_elements_in_any_order_and_unknown_ones(each: World, user: str) -> None:
    wire = each.wire
    body = (
        f"\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<!-- a note -->\n<xml>\n<MsgId>{fresh()}</MsgId>"
        "<New><Deep>1</Deep></New>\n<Content>顺序</Content> <MsgType>TEXT</MsgType><MsgDataId>1_2</MsgDataId>"
        f"<Idx>1</Idx><CreateTime>{int(time.time())}</CreateTime><FromUserName>{user}</FromUserName>"
        f"<ToUserName>{wire.account}</ToUserName></xml>\n"
    )
    assert wire.send(wire.wrap(body.encode())).text == "回顺序。"


REPLIES = {
    "breaks out": "甲]]></Content><MsgType>news</MsgType><![CDATA[乙",
    "ends so": "结尾是]]>",
    "control": "控\x00制\x08符\x1b\ufffe",
    "emoji": "👩‍🚒🇨🇳",
    "marks": '<a href="x">&amp;</a>',
}


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_no_answer_of_a_brain_breaks_the_reply(each: World, user: str, name: str) -> None:
    each.brain.says[name] = REPLIES[name]
    heard = message(each.wire, user, "text", Content=name)
    assert heard.text is not None  # and it was read strictly
    assert heard.text == "".join(c for c in REPLIES[name] if c not in "\x00\x08\x1b\ufffe")


def test_numbers_that_a_float_takes_for_one_are_two(each: World, user: str) -> None:
    low = (1 << 53) + 2 * (fresh() % (1 << 40))
    for number in (low, low + 1):
        heard = each.wire.send(each.wire.text(user, f"号{number % 2}", number))
        assert heard.text == f"回号{number % 2}。"


def test_a_tap_in_a_menu_of_a_message(each: World, user: str) -> None:
    assert message(each.wire, user, "text", Content="5分 非常满意", bizmsgmenuid="101").acknowledged


def test_a_voice_that_was_recognised_is_a_question(each: World, user: str) -> None:
    heard = message(each.wire, user, "voice", MediaId="m", Format="amr", Recognition="备案要什么材料。")
    assert heard.text == "回备案要什么材料。。"


@pytest.mark.parametrize("name", ["subscribe", "SUBSCRIBE", "SCAN", "scan"])
def test_a_welcome(each: World, user: str, name: str) -> None:
    heard = each.wire.send(each.wire.event(user, name, EventKey="qrscene_12", Ticket="t"))
    assert heard.text is not None
    assert "阜阳市工业和信息化局" in heard.text
    assert "转人工" in heard.text


def test_a_tap_on_the_menu(each: World, user: str) -> None:
    assert each.wire.send(each.wire.event(user, "CLICK", EventKey="ask:能问什么")).text == "回能问什么。"
    unknown = each.wire.send(each.wire.event(user, "CLICK", int(time.time()) - 3, EventKey="v1001"))
    assert unknown.text is not None
    assert "打字" in unknown.text


SILENT = {
    "VIEW": {"EventKey": "https://example.com/", "MenuId": "1"},
    "view_miniprogram": {"EventKey": "pages/index", "MenuId": "1"},
    "LOCATION": {"Latitude": "32.9", "Longitude": "115.8", "Precision": "119"},
    "scancode_push": {"EventKey": "k", "ScanCodeInfo": "<ScanType>qrcode</ScanType>"},
    "scancode_waitmsg": {"EventKey": "k", "ScanCodeInfo": "<ScanResult>1</ScanResult>"},
    "pic_sysphoto": {"EventKey": "k", "SendPicsInfo": "<Count>1</Count>"},
    "pic_photo_or_album": {"EventKey": "k"},
    "pic_weixin": {"EventKey": "k"},
    "location_select": {"EventKey": "k", "SendLocationInfo": "<Location_X>1</Location_X>"},
    "TEMPLATESENDJOBFINISH": {"MsgID": "200163836", "Status": "failed:user block"},
    "MASSSENDJOBFINISH": {"MsgID": "1", "Status": "send success", "TotalCount": "100"},
    "subscribe_msg_popup_event": {"SubscribeMsgPopupEvent": "<List><TemplateId>t</TemplateId></List>"},
    "subscribe_msg_change_event": {"SubscribeMsgChangeEvent": "<List><TemplateId>t</TemplateId></List>"},
    "subscribe_msg_sent_event": {"SubscribeMsgSentEvent": "<List><TemplateId>t</TemplateId></List>"},
    "kf_create_session": {"KfAccount": "a@b"},
    "kf_close_session": {"KfAccount": "a@b"},
    "kf_switch_session": {"FromKfAccount": "a@b", "ToKfAccount": "c@d"},
    "unsubscribe": {"EventKey": ""},
    "card_pass_check": {"CardId": "c"},
    "": {},
}


@pytest.mark.parametrize("name", sorted(SILENT))
def test_silence_on_purpose(each: World, user: str, name: str) -> None:
    push = each.wire.event(user, name, **SILENT[name])
    for _ in range(2):
        heard = each.wire.send(push)
        assert (heard.status, heard.body) == (200, b"success")
    assert not each.api.sends[user]


def test_two_events_of_one_second_are_two_and_a_repeat_is_one(each: World, user: str) -> None:
    now = int(time.time())
    one = each.wire.event(user, "CLICK", now, EventKey=f"ask:甲{user}")
    two = each.wire.event(user, "CLICK", now, EventKey=f"ask:乙{user}")
    where = each.wire.event(user, "LOCATION", now, Latitude="1", Longitude="2", Precision="3")
    for push in (where, one, two, one, two, where):
        assert each.wire.send(push).acknowledged
    assert each.brain.turns(f"甲{user}") == each.brain.turns(f"乙{user}") == 1


def test_the_same_number_of_two_users_is_two_messages(each: World, user: str) -> None:
    number = fresh()
    assert each.wire.send(each.wire.text(user, "我的", number)).text == "回我的。"
    assert each.wire.send(each.wire.text(f"{user}x", "他的", number)).text == "回他的。"


def test_one_number_for_two_texts_starts_no_second_turn(each: World, user: str) -> None:
    number = fresh()
    assert each.wire.send(each.wire.text(user, "先来", number)).text == "回先来。"
    assert each.wire.send(each.wire.text(user, f"后到{user}", number)).body == b"success"
    assert each.brain.turns(f"后到{user}") == 0


def test_a_message_without_a_number_is_known_by_what_it_says(each: World, user: str) -> None:
    clear = each.wire.xml(user, "text", Content=f"没有号{user}")
    assert each.wire.send(each.wire.wrap(clear)).text == f"回没有号{user}。"
    assert each.wire.send(each.wire.wrap(clear)).acknowledged
    assert each.brain.turns(f"没有号{user}") == 1


def test_who_leaves_is_forgotten(each: World, user: str) -> None:
    text = f"秘密{user}"
    assert each.wire.send(each.wire.text(user, text)).text
    assert each.wire.send(each.wire.event(user, "unsubscribe")).body == b"success"
    with contextlib.closing(sqlite3.connect(each.folder / "desk.db")) as base:
        dump = "\n".join(base.iterdump())
    assert text not in dump
    assert user not in dump


def test_what_is_too_long_is_told(each: World, user: str) -> None:
    heard = message(each.wire, user, "text", Content="长" * 4001)
    assert heard.text is not None
    assert "4000" in heard.text


def test_nothing_secret_is_logged(each: World, user: str) -> None:
    text = f"不要记下{user}"
    each.wire.send(each.wire.text(user, text))
    each.brain.sleeps[f"慢{user}"] = 2.5
    each.wire.send(each.wire.text(user, f"慢{user}"))
    wait_for(lambda: bool(each.api.shown[user]))
    for secret in (TOKEN, KEY, APP_SECRET, "tokenOfThePlatform", text, user):
        assert secret not in each.log
