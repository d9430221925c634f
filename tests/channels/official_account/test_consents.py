"""Tests of consents to notices: one a consent, one a day, given back when nothing was sent."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.official_account.consents import QUIET, Consents
from bot.channels.official_account.memory_notes import MemoryNotes
from bot.channels.official_account.texts import Notice
from tests.channels.official_account.conftest import Open

ONCE = Notice("tpl", None, {}, long_term=False)


async def test_a_consent_is_good_for_one_notice_and_one_notice_for_a_day() -> None:
    now = 0.0
    consents = Consents(MemoryNotes(lambda: now))
    assert not await consents.use("u", ONCE)
    await consents.answer("u", "tpl", accepted=True)
    await consents.answer("u", "tpl", accepted=True)
    assert await consents.use("u", ONCE)
    assert not await consents.use("u", ONCE)
    now = QUIET + 1
    assert await consents.use("u", ONCE)
    now = 2 * QUIET + 2
    assert not await consents.use("u", ONCE)


async def test_a_notice_that_was_not_sent_takes_no_consent() -> None:
    consents = Consents(MemoryNotes(lambda: 0.0))
    await consents.answer("u", "tpl", accepted=True)
    assert await consents.use("u", ONCE)
    await consents.give_back("u", ONCE)
    assert await consents.use("u", ONCE)


async def test_a_lasting_consent_lasts_until_it_is_withdrawn() -> None:
    now = 0.0
    consents, lasting = Consents(MemoryNotes(lambda: now)), replace(ONCE, long_term=True)
    await consents.answer("u", "tpl", accepted=True)
    for day in range(3):
        now = day * (QUIET + 1)
        assert await consents.use("u", lasting)
    now = 9 * QUIET
    await consents.answer("u", "tpl", accepted=False)
    assert not await consents.use("u", lasting)


async def test_who_agreed_and_never_wrote_is_forgotten_too(opened: Open) -> None:
    account = await opened("secure")
    item = "<List><TemplateId>tpl</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
    clear = account.client.xml("u1", "event", Event="subscribe_msg_popup_event")
    clear = clear.replace("</xml>", f"<SubscribeMsgPopupEvent>{item}</SubscribeMsgPopupEvent></xml>")
    await account.client.push(account.client.wrap(clear))
    assert [row.name for row in account.rows("notes") if row.subject] == ["consent:tpl"]
    await account.client.push(account.client.event("u1", "unsubscribe"))
    assert not [row.name for row in account.rows("notes") if row.subject]
