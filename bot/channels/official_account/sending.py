"""Delivers one message to a user: on an open line of theirs, else through the platform's API."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial

from bot.channels.base import Delivery, DeliveryState
from bot.channels.official_account.api import Api
from bot.channels.official_account.calls import ApiError, Unreachable
from bot.channels.official_account.consents import Consents
from bot.channels.official_account.lines import Line, Lines
from bot.channels.official_account.links import Links
from bot.channels.official_account.options import Dialect, Faces
from bot.channels.official_account.packing import STAFF, packed, worded
from bot.channels.official_account.texts import Notice, Texts
from bot.channels.official_account.verdicts import Verdict, verdict
from bot.channels.official_account.xml import clean
from bot.desk.errors import StorageError
from bot.desk.messages import OutboundMessage
from bot.desk.splitting import LIMIT, split

log = logging.getLogger(__name__)

MINUTE = 60.0
OFF_SECONDS = 600.0  # until the API is tried again after it was refused for good
SHORTLY = 0.3
CHINA = timezone(timedelta(hours=8))
UNCERTAIN_KEPT = 4096
_HELD = {
    Verdict.GONE: "not_following",
    Verdict.CLOSED: "window_closed",
    Verdict.SPENT: "quota_spent",
    Verdict.OFF: "no_api",
}


class Courier:
    """Delivers. ``api`` is none where the account has no secret: then only lines are used.

    ``clock`` is in seconds since the epoch. Without ``links`` what is too much waits for the user's next
    message.
    """

    def __init__(
        self,
        dialect: Dialect,
        api: Api | None,
        consents: Consents,
        lines: Lines,
        face: Faces,
        clock: Callable[[], float],
        links: Links | None = None,
    ) -> None:
        self._links = links
        self._dialect = dialect
        self._api = api
        self._consents = consents
        self._lines = lines
        self._face = face
        self._clock = clock
        self._paused_until = 0.0
        self._off_until = 0.0
        self._menus = dialect.msgmenu
        self._alarm: str | None = None
        self._uncertain: OrderedDict[int, int] = OrderedDict()

    @property
    def complaints(self) -> tuple[str, ...]:
        """What a person must see to."""
        return (self._alarm,) if self._alarm else ()

    @property
    def usable(self) -> bool:
        """Whether the API can be called now, as far as is known."""
        return self._api is not None and self._clock() >= self._off_until

    def pack(self, waiting: list[OutboundMessage], now: float) -> OutboundMessage:
        """Give what is to go out next; see ``bot.channels.base.Packs``."""
        room = waiting[0].room
        most = len(waiting) if room is None else room.left
        link_to = partial(self._links.link, now=now) if self._links else None
        return packed(waiting, max(1, most) if self.usable else 1, self._face().texts, link_to)

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Try once; see ``bot.channels.base.Channel``."""
        if message.in_reply_to:
            self._lines.ready(message.recipient, message.in_reply_to)
        delivery = await self._deliver(message, self._face().texts)
        if delivery.state is DeliveryState.SENT and message.in_reply_to:
            self._lines.release(message.recipient, None if message.carries else message.in_reply_to)
        return delivery

    async def _deliver(self, message: OutboundMessage, texts: Texts) -> Delivery:
        line = self._line(message)
        if line is not None and not self._is_survey(message, texts):
            text = worded(message, texts)
            if await line.give(text):
                self._lines.tell(line, text)
                return Delivery(DeliveryState.SENT, spent=1)
        elif not self.usable and self._lines.free(message.recipient):
            return Delivery(DeliveryState.WAITING, None, SHORTLY)  # packed with what the line waits for
        return await self._by_api(message, texts)

    def _line(self, message: OutboundMessage) -> Line | None:
        """Give the line for a message: that of the message it answers, or any where several are packed."""
        line = self._lines.free(message.recipient, message.in_reply_to) if message.in_reply_to else None
        return line or (self._lines.free(message.recipient) if message.carries else None)

    async def _by_api(self, message: OutboundMessage, texts: Texts) -> Delivery:
        now = self._clock()
        if self._api is None or not self.usable:
            return Delivery(DeliveryState.HELD, texts.reasons["no_api"])
        if now < self._paused_until:
            return Delivery(DeliveryState.WAITING, texts.reasons["paused"], self._paused_until - now)
        if message.room and not message.room.open_at(now):
            spent = now < message.room.until
            await self._tell_by_notice(message, texts)
            return Delivery(DeliveryState.HELD, texts.reasons["quota_spent" if spent else "window_closed"])
        await self._lines.shown(message.recipient)
        try:
            await self._send(self._api, message, texts)
        except ApiError as error:
            return await self._refused(self._api, message, error, texts)
        except (Unreachable, StorageError) as error:
            return self._unanswered(message, error, texts)
        self._alarm = None
        self._uncertain.pop(message.id, None)
        return Delivery(DeliveryState.SENT, spent=1)

    async def _send(self, api: Api, message: OutboundMessage, texts: Texts) -> None:
        if self._menus and self._is_survey(message, texts):
            try:
                choices = tuple(button.title for button in message.reply.quick_replies)
                await api.send_menu(message.recipient, clean(message.reply.text), choices)
                return
            except ApiError as error:
                if verdict(error.code) is not Verdict.FEATURE:
                    raise
                log.warning("%s: this account has no menus in messages", self._dialect.name)
                self._menus = False
        await api.send_text(message.recipient, worded(message, texts))

    def _is_survey(self, message: OutboundMessage, texts: Texts) -> bool:
        titles = tuple(button.title for button in message.reply.quick_replies)
        return self._menus and bool(titles) and titles == texts.survey

    async def _refused(self, api: Api, message: OutboundMessage, error: ApiError, texts: Texts) -> Delivery:
        """Give what comes of a refusal, as the table of codes says."""
        what, now = verdict(error.code), self._clock()
        log.info("%s: reply %d: %s: %s", self._dialect.name, message.id, error, what.value)
        if what is Verdict.MEND:
            return await self._mended(api, message, error, texts)
        if what in (Verdict.DROP, Verdict.FEATURE, Verdict.IGNORE):
            name = "bad_recipient" if what is Verdict.DROP else "refused"
            return Delivery(DeliveryState.UNDELIVERABLE, f"{texts.reasons[name]}({error.code})")
        if what in (Verdict.MINUTE, Verdict.DAY):
            self._paused_until = now + MINUTE if what is Verdict.MINUTE else _midnight(now)
            self._alert(error, what is Verdict.DAY)
            return Delivery(DeliveryState.WAITING, texts.reasons["paused"], self._paused_until - now)
        if what is Verdict.OFF:
            self._off_until = now + OFF_SECONDS
            self._alert(error, True)
        if what in _HELD:
            if what in (Verdict.CLOSED, Verdict.SPENT):
                await self._tell_by_notice(message, texts)
            closed = what is not Verdict.OFF
            return Delivery(DeliveryState.HELD, f"{texts.reasons[_HELD[what]]}({error.code})", closed=closed)
        if what is Verdict.TOKEN:
            self._alert(error, True)
            return Delivery(DeliveryState.WAITING, f"code {error.code}", MINUTE)
        return Delivery(DeliveryState.WAITING, f"code {error.code}")

    async def _mended(self, api: Api, message: OutboundMessage, error: ApiError, texts: Texts) -> Delivery:
        """Send once more in smaller parts and with plain characters only."""
        text = "".join(char for char in worded(message, texts) if char.isprintable() or char in "\n\t")
        plain = "".join(char for char in text if char <= "\uffff")
        parts = split(plain, LIMIT // 2)
        log.error("%s: reply %d was refused as it stood: %s", self._dialect.name, message.id, error)
        sent = 0
        try:
            for part in parts:
                await api.send_text(message.recipient, part)
                sent += 1
        except (ApiError, Unreachable, StorageError) as again:
            log.error("%s: reply %d: mended in vain: %s", self._dialect.name, message.id, again)
        if parts and sent == len(parts):
            return Delivery(DeliveryState.SENT, spent=sent)
        return Delivery(DeliveryState.UNDELIVERABLE, f"{texts.reasons['refused']}({error.code})", spent=sent)

    def _unanswered(self, message: OutboundMessage, error: Exception, texts: Texts) -> Delivery:
        """Try again; but what may have arrived, only once more: the platform knows no repeat."""
        if not isinstance(error, Unreachable) or not error.arrived:
            return Delivery(DeliveryState.WAITING, str(error))
        times = self._uncertain.pop(message.id, 0) + 1
        if times > 1:
            return Delivery(DeliveryState.HELD, texts.reasons["unanswered"], doubtful=True)
        self._uncertain[message.id] = times
        while len(self._uncertain) > UNCERTAIN_KEPT:
            self._uncertain.popitem(last=False)
        return Delivery(DeliveryState.WAITING, str(error), doubtful=True)

    async def _tell_by_notice(self, message: OutboundMessage, texts: Texts) -> None:
        """Tell by a subscribe message that staff have answered, where the user has agreed to that."""
        notice, api = texts.notice, self._api
        if message.author != STAFF or notice is None or api is None or not self._dialect.notices:
            return
        try:
            if await self._consents.use(message.recipient, notice):
                await api.notice(message.recipient, notice.template, notice.page, dict(notice.data))
        except ApiError as error:
            if verdict(error.code) is Verdict.FEATURE:
                await self._consents.withdraw(message.recipient, notice.template)
            log.warning("%s: a notice was refused: %s", self._dialect.name, error)
        except Unreachable as error:
            log.warning("%s: a notice could not be sent: %s", self._dialect.name, error)
            if not error.arrived:
                await self._give_back(message.recipient, notice)
        except StorageError as error:
            log.warning("%s: a notice could not be sent: %s", self._dialect.name, error)

    async def _give_back(self, user: str, notice: Notice) -> None:
        try:
            await self._consents.give_back(user, notice)
        except StorageError as error:
            log.warning("%s: a consent could not be given back: %s", self._dialect.name, error)

    def _alert(self, error: ApiError, lasting: bool) -> None:
        log.error("%s: the platform's API needs a person: %s", self._dialect.name, error)
        if lasting:
            self._alarm = f"{self._dialect.name}: {error}"


def _midnight(now: float) -> float:
    """Give the next midnight in China, when the day's quotas begin anew."""
    day = datetime.fromtimestamp(now, CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()
