"""The line: sessions, resume, repeats, order, several pages of one browser."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest

from bot.channels.base import DeliveryState
from bot.channels.webchat import Limits
from bot.channels.webchat.session import new_secret, sender_of
from bot.desk.messages import InboundMessage, Reply
from tests.channels.webchat.memory_desk import MemoryDesk
from tests.channels.webchat.pages import NOTICE, Page, Server


async def test_a_first_contact_gets_a_secret_and_an_answer(server: Server) -> None:
    page = await server.page()
    assert re.fullmatch("[0-9a-f]{64}", page.session)
    assert page.welcome["history"] == []
    assert page.welcome["cut"] is False
    assert page.welcome["notice"] == NOTICE
    message_id = await page.send("专精特新怎么申请?")
    accepted = await page.hear("accepted")
    assert accepted["message_id"] == message_id
    assert accepted["receipt"] == "T000001"
    reply = await page.hear("reply")
    assert reply["text"] == "答:专精特新怎么申请?"
    assert reply["in_reply_to"] == message_id
    assert reply["author"] == "bot"
    assert reply["quick_replies"] == [{"title": "再问", "payload": "再问 专精特新怎么申请?"}]
    assert reply["at"] > 1_600_000_000


async def test_each_contact_gets_its_own_secret(server: Server) -> None:
    assert (await server.page()).session != (await server.page()).session


async def test_the_desk_sees_the_sender_and_never_the_secret(server: Server) -> None:
    page = await server.page()
    await page.send("你好")
    await page.hear("reply")
    message = server.desk.questions[0].message
    assert message.sender == sender_of(page.session) == page.sender
    assert re.fullmatch("[0-9a-f]{32}", message.sender)
    assert page.session not in repr(message)
    assert (message.channel, message.kind) == ("webchat", "text")


async def test_nothing_secret_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = await server.page(new_secret())
    server.desk.down = True
    await page.send("我的电话是13800000000")
    await page.hear("refused")
    await page.say(type="hello", session=page.session, after=0)
    await page.hear("error")
    assert caplog.text
    assert page.session not in caplog.text
    assert "13800000000" not in caplog.text


async def test_a_reload_shows_the_whole_conversation_in_order(server: Server) -> None:
    page = await server.page()
    ids = [await page.send(text) for text in ("一", "二", "三")]
    for _ in ids:
        await page.hear("reply")
    await page.socket.close()
    again = await server.page(page.session)
    lines = again.welcome["history"]
    assert [line["text"] for line in lines] == ["一", "答:一", "二", "答:二", "三", "答:三"]
    assert [line["author"] for line in lines] == ["enquirer", "bot"] * 3
    assert [line["message_id"] for line in lines if line["author"] == "enquirer"] == ids
    assert lines[1]["quick_replies"] == [{"title": "再问", "payload": "再问 一"}]
    assert again.session == page.session
    assert await again.quiet() == []  # what stands in the history is not replayed as well


async def test_what_came_while_the_line_was_down_comes_once(serve) -> None:
    server = await serve(desk=MemoryDesk(delay=0.2))
    page = await server.page()
    await page.send("一")
    first = await page.hear("reply")
    await page.say(type="ack", up_to=first["id"])
    await page.send("二")
    await page.hear("accepted")
    await page.socket.close()
    await asyncio.sleep(0.3)
    again = await server.page(page.session, after=first["id"])
    assert [line["text"] for line in again.welcome["history"]] == ["二", "答:二"]
    assert await again.quiet() == []


async def test_a_reply_made_between_transcript_and_welcome_is_not_lost(serve) -> None:
    class SlowDesk(MemoryDesk):
        async def transcript(self, channel: str, sender: str, limit: int = 200) -> list:
            lines = await super().transcript(channel, sender, limit)
            if not self.unasked:
                self._start(self.say(sender, "刚好这时"))
            await asyncio.sleep(0.05)
            return lines

    server = await serve(desk=SlowDesk())
    page = await server.page(new_secret())
    assert page.welcome["history"] == []
    missed = await page.hear("reply", "missed")
    assert [line["text"] for line in missed["history"]] == ["刚好这时"]
    assert await page.quiet() == []


async def test_a_repeat_is_the_same_message_and_answered_once(server: Server) -> None:
    page = await server.page()
    message_id = await page.send("一")
    receipt = (await page.hear("accepted"))["receipt"]
    await page.hear("reply")
    await page.send("一", message_id)
    assert (await page.hear("accepted"))["receipt"] == receipt
    await page.socket.close()
    again = await server.page(page.session)
    await again.send("一", message_id)
    assert (await again.hear("accepted"))["receipt"] == receipt
    assert [f for f in await again.quiet() if f["type"] == "reply"] == []
    assert len(server.desk.questions) == 1


async def test_the_same_id_with_another_text_is_refused_for_good(server: Server) -> None:
    page = await server.page()
    message_id = await page.send("一")
    await page.hear("accepted")
    await page.send("另一个", message_id)
    refused = await page.hear("refused")
    assert (refused["code"], refused["message_id"], refused["retry_in"]) == ("conflict", message_id, None)
    assert len(server.desk.questions) == 1


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \n ", "empty"), ("长" * 4001, "too_long")])
async def test_what_the_desk_refuses_is_told_in_its_words(server: Server, text: str, code: str) -> None:
    page = await server.page()
    await page.send(text)
    refused = await page.hear("refused")
    assert (refused["code"], refused["retry_in"]) == (code, None)
    assert re.search("[\u4e00-\u9fff]", refused["message"])
    await page.send("好的")
    assert (await page.hear("reply"))["text"] == "答:好的"


async def test_messages_keep_their_order(server: Server) -> None:
    page = await server.page()
    texts = [f"第{n}条" for n in range(10)]
    for text in texts:
        await page.send(text)
    for _ in texts:
        await page.hear("accepted")
    assert [q.message.text for q in server.desk.questions] == texts


async def test_two_pages_of_one_browser_show_the_same(server: Server) -> None:
    one = await server.page()
    two = await server.page(one.session)
    message_id = await one.send("一")
    said = await two.hear("said")
    assert (said["message_id"], said["text"]) == (message_id, "一")
    assert (await one.hear("reply")) == (await two.hear("reply"))
    await two.send("二")
    assert (await one.hear("said"))["text"] == "二"
    assert (await one.hear("reply"))["text"] == "答:二"
    assert "said" not in [f["type"] for f in two.heard[2:]]


async def test_browsers_do_not_see_each_other(server: Server) -> None:
    one, other = await server.page(), await server.page()
    await one.send("只有我能看")
    await one.hear("reply")
    assert await other.quiet() == []
    assert (await server.page(other.session)).welcome["history"] == []


async def test_typing_is_shown_from_the_question_to_the_answer(serve) -> None:
    server = await serve(desk=MemoryDesk(delay=0.1))
    page = await server.page()
    other = await server.page(page.session)
    await page.send("一")
    for each in (page, other):
        assert (await each.hear("typing"))["on"] is True
        assert (await each.hear("typing"))["on"] is False


async def test_a_restart_of_the_server_loses_and_repeats_nothing(serve) -> None:
    server = await serve(desk=MemoryDesk(delay=0.2))
    page = await server.page()
    kept = await page.send("重启之前")
    await page.hear("accepted")
    await server.halt()
    assert await page.closed() == 1001
    await asyncio.sleep(0.3)
    await server.start()
    again = await server.page(page.session)
    assert [line["text"] for line in again.welcome["history"]] == ["重启之前", "答:重启之前"]
    await again.send("重启之前", kept)
    await again.hear("accepted")
    assert len(server.desk.questions) == 1


async def test_a_long_conversation_is_cut_and_says_so(serve) -> None:
    server = await serve(Limits(history=3))
    page = await server.page()
    for text in ("一", "二"):
        await page.send(text)
        last = await page.hear("reply")
    again = await server.page(page.session)
    assert [line["text"] for line in again.welcome["history"]] == ["答:一", "二", "答:二"]
    assert again.welcome["cut"] is True
    resumed = await server.page(page.session, after=last["id"])
    assert resumed.welcome["history"] == []
    assert resumed.welcome["cut"] is False


async def test_a_ping_fetches_what_another_gateway_answered(server: Server) -> None:
    server.desk.silent = True
    page = await server.page()
    await page.send("一")
    await page.hear("accepted")
    server.desk.channel = None  # the turn is made elsewhere, and delivered by no one here
    await server.desk.accept(InboundMessage("webchat", "x" * 16, page.sender, "text", "别处问的", 1.0))
    await server.desk.say(page.sender, "别处来的答复", author="bot")
    await page.say(type="ping")
    missed = await page.hear("missed", "pong")
    assert [line["text"] for line in missed["history"]] == ["一", "别处问的", "别处来的答复"]
    await page.hear("pong")
    await page.say(type="ping")
    assert (await page.hear("missed", "pong"))["type"] == "pong"


async def test_a_turn_answered_by_another_gateway_is_fetched_without_a_ping(serve) -> None:
    server = await serve(desk=MemoryDesk(delay=0.05))
    page = await server.page()
    server.desk.channel = None
    await page.send("一")
    missed = await page.hear("missed")
    assert [line["text"] for line in missed["history"]] == ["一", "答:一"]
    assert server.desk.deliveries[0][1].state is DeliveryState.WAITING


async def test_several_replies_to_one_question_come_in_order(serve) -> None:
    server = await serve(desk=MemoryDesk(lambda text: [Reply(f"第{n}段") for n in range(4)]))
    page = await server.page()
    await page.send("说长一点")
    replies = []
    for _ in range(4):
        replies.append(await page.hear("reply"))
        await page.say(type="ack", up_to=replies[-1]["id"])
    assert [r["text"] for r in replies] == [f"第{n}段" for n in range(4)]
    assert [r["id"] for r in replies] == sorted(r["id"] for r in replies)


async def test_too_many_pages_close_the_oldest(serve) -> None:
    server = await serve(Limits(pages_per_session=2))
    first = await server.page()
    second = await server.page(first.session)
    third = await server.page(first.session)
    assert (await first.hear("error"))["code"] == "too_many_pages"
    assert await first.closed() == 4008
    await third.send("一")
    assert (await second.hear("reply"))["text"] == "答:一"


async def test_who_says_no_hello_is_sent_away(serve) -> None:
    server = await serve(Limits(hello_within=0.1))
    assert await Page(await server.line()).closed() == 4001
