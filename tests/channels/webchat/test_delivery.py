"""Delivery: sent means shown on a page; everything else waits."""

from __future__ import annotations

import asyncio

from bot.channels.base import DeliveryState
from bot.channels.webchat import Limits
from bot.desk.messages import OutboundMessage, Reply
from tests.channels.webchat.pages import Server


async def test_who_is_away_is_waited_for(server: Server) -> None:
    page = await server.page()
    await page.socket.close()
    delivery = await server.desk.say(page.sender, "已办结")
    assert delivery.state is DeliveryState.WAITING
    assert delivery.retry_in is None  # fetched on return
    again = await server.page(page.session)
    assert [(line["text"], line["author"]) for line in again.welcome["history"]] == [("已办结", "staff")]


async def test_sent_means_that_a_page_said_so(server: Server) -> None:
    page = await server.page()
    delivery = asyncio.create_task(server.desk.say(page.sender, "已办结"))
    reply = await page.hear("reply")
    assert reply["author"] == "staff"
    await asyncio.sleep(0.05)
    assert not delivery.done()
    await page.say(type="ack", up_to=reply["id"])
    assert (await delivery).state is DeliveryState.SENT
    assert server.desk.acknowledgements == [(page.sender, reply["id"])]


async def test_a_page_that_does_not_answer_is_tried_again(serve) -> None:
    server = await serve(Limits(ack_within=0.1))
    page = await server.page()
    delivery = await server.desk.say(page.sender, "已办结")
    assert delivery.state is DeliveryState.WAITING
    assert delivery.retry_in
    first = await page.hear("reply")
    again = asyncio.create_task(server.chat.deliver(server.desk.unasked[0]))
    assert await page.hear("reply") == first  # the page knows it by its id
    await page.say(type="ack", up_to=first["id"])
    assert (await again).state is DeliveryState.SENT


async def test_a_page_that_closes_instead_leaves_it_waiting(server: Server) -> None:
    page = await server.page()
    delivery = asyncio.create_task(server.desk.say(page.sender, "已办结"))
    await page.hear("reply")
    await page.socket.close()
    assert (await asyncio.wait_for(delivery, 1)).state is DeliveryState.WAITING


async def test_one_page_of_several_is_enough(server: Server) -> None:
    one = await server.page()
    two = await server.page(one.session)
    delivery = asyncio.create_task(server.desk.say(one.sender, "已办结"))
    reply = await two.hear("reply")
    await two.say(type="ack", up_to=reply["id"])
    assert (await delivery).state is DeliveryState.SENT
    assert await one.hear("reply") == reply


async def test_an_earlier_acknowledgement_does_not_count(server: Server) -> None:
    page = await server.page()
    await page.send("一")
    first = await page.hear("reply")
    await page.say(type="ack", up_to=first["id"])
    delivery = asyncio.create_task(server.desk.say(page.sender, "后来的"))
    second = await page.hear("reply")
    await page.say(type="ack", up_to=first["id"])
    await asyncio.sleep(0.05)
    assert not delivery.done()
    await page.say(type="ack", up_to=second["id"])
    assert (await delivery).state is DeliveryState.SENT


async def test_nobody_acknowledges_what_was_never_handed_over(server: Server) -> None:
    page = await server.page()
    await page.say(type="ack", up_to=2**60)
    await page.say(type="ping")
    await page.hear("pong")
    assert server.desk.acknowledgements == []


async def test_a_reload_acknowledges_what_it_shows(server: Server) -> None:
    page = await server.page()
    await page.socket.close()
    await server.desk.say(page.sender, "已办结")
    again = await server.page(page.session)
    await again.say(type="ack", up_to=again.welcome["history"][0]["id"])
    await again.say(type="ping")
    await again.hear("pong")
    assert server.desk.acknowledgements == [(page.sender, 1)]


async def test_a_page_that_stops_reading_does_not_hold_up_the_others(serve) -> None:
    server = await serve(Limits(write_within=0.3, ack_within=2))
    stuck = await server.page()
    transport = stuck.socket._response.connection.transport
    transport.pause_reading()
    other = await server.page(stuck.session)
    big = OutboundMessage(0, "webchat", stuck.sender, Reply("长" * 700_000))
    for number in range(1, 9):
        delivery = asyncio.create_task(server.chat.deliver(OutboundMessage(number, *_rest(big))))
        reply = await other.hear("reply")
        await other.say(type="ack", up_to=reply["id"])
        assert (await asyncio.wait_for(delivery, 2)).state is DeliveryState.SENT
    transport.resume_reading()


def _rest(message: OutboundMessage) -> tuple:
    return (message.channel, message.recipient, message.reply)
