"""What one open page and the desk say to each other, from ``hello`` to the end of the line."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from bot.channels.base import Desk, Receipt
from bot.channels.webchat import protocol
from bot.channels.webchat.hub import Hub, Link
from bot.channels.webchat.limits import Bucket, Limiter, Limits, take
from bot.channels.webchat.options import Face
from bot.channels.webchat.session import sender_of
from bot.desk.errors import MessageError, StorageError
from bot.desk.messages import InboundMessage
from bot.desk.typography import polish

NAME = "webchat"
ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
RETRY_STORAGE_IN = 5.0
# A reply usually comes through ``deliver`` at once; where another gateway had the turn, it is fetched.
FETCH_AFTER = 1.5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counter:
    """What all talks of a server share."""

    desk: Desk
    hub: Hub
    sessions: Limiter
    addresses: Limiter
    limits: Limits
    face: Callable[[], Face]
    clock: Callable[[], float]
    ticks: Callable[[], float]
    new_secret: Callable[[], str]


class Talk:
    """One line. ``cut`` ends it without a word, when the page does not read any more."""

    def __init__(
        self, counter: Counter, socket: web.WebSocketResponse, address: str, cut: Callable[[], None]
    ) -> None:
        self._counter = counter
        self._socket = socket
        self._address = address
        self._cut = cut
        self._link: Link | None = None
        self._bucket: Bucket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take frames until the page or the server ends the line."""
        try:
            while (message := await self._next()) is not None:
                await self._slow_down()
                await self._take(message)
        finally:
            if self._link:
                self._counter.hub.leave(self._link)
            for task in self._tasks:
                task.cancel()

    async def _next(self) -> WSMessage | None:
        try:
            patience = None if self._link else self._counter.limits.hello_within
            message = await self._socket.receive(timeout=patience)
        except asyncio.TimeoutError:
            await self._socket.close(code=protocol.NO_HELLO)
            return None
        return None if message.type in ENDED else message

    async def _slow_down(self) -> None:
        """Read no faster than agreed: whoever floods the line waits in it."""
        rate = self._counter.limits.frames_per_line
        while True:
            self._bucket, wait = take(self._bucket, rate, self._counter.ticks())
            if not wait:
                return
            await asyncio.sleep(wait)

    async def _take(self, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT:
            await self._error("binary")
        elif len(message.data.encode()) > self._counter.limits.frame_bytes:
            await self._error("too_large")
        else:
            await self._read(message.data)

    async def _read(self, raw: str) -> None:
        try:
            said = protocol.parse(raw)
        except protocol.FrameError as fault:
            if fault.message_id and self._link:
                await self._refuse(self._link, fault.message_id, fault.code)
            else:
                await self._error(fault.code)
            return
        try:
            await self._act(said)
        except StorageError as fault:
            log.warning("web chat: the database cannot be reached: %s", fault)
            await self._error("unavailable")
            await self._socket.close(code=protocol.TRY_LATER)

    async def _act(self, said: protocol.Said) -> None:
        if isinstance(said, protocol.Hello):
            await (self._error("hello_twice") if self._link else self._hello(said))
        elif self._link is None:
            await self._error("hello_first")
        elif isinstance(said, protocol.Send):
            async with self._counter.hub.turn(self._link.sender):
                await self._send(self._link, said)
        elif isinstance(said, protocol.Ack):
            await self._ack(self._link, said)
        else:
            await self._fetch(self._link)
            await self._link.put(protocol.pong())

    async def _hello(self, hello: protocol.Hello) -> None:
        counter = self._counter
        session = hello.session or counter.new_secret()
        link = Link(self._socket, sender_of(session), self._cut, counter.limits.write_within)
        self._link = link
        # The page is known before the transcript is read: what comes meanwhile is fetched below.
        oldest = counter.hub.join(link)
        if oldest:
            self._start(self._displace(oldest))
        limit = counter.limits.history
        lines = await counter.desk.transcript(NAME, link.sender, limit) if hello.session else []
        link.highest = max((line.id for line in lines if line.author != "enquirer"), default=0)
        unseen = protocol.unseen(lines, hello.after)
        cut = len(lines) >= limit and len(unseen) == len(lines)
        await link.put(protocol.welcome(session, unseen, cut, polish(counter.face().notice or "") or None))
        link.greeted = True
        await self._fetch(link)

    async def _send(self, link: Link, send: protocol.Send) -> None:
        counter = self._counter
        wait = counter.sessions.wait(link.sender) or counter.addresses.wait(self._address)
        if wait:
            await self._refuse(link, send.message_id, "too_fast", math.ceil(wait))
            return
        at = counter.clock()
        try:
            message = InboundMessage(NAME, send.message_id, link.sender, "text", send.text, at)
            receipt = await counter.desk.accept(message)
        except MessageError as fault:
            await link.put(protocol.refused(send.message_id, fault.code, polish(fault.for_reader)))
            return
        except StorageError as fault:
            log.warning("web chat: a message could not be stored: %s", fault)
            await self._refuse(link, send.message_id, "unavailable", RETRY_STORAGE_IN)
            return
        await link.put(protocol.accepted(send.message_id, receipt.number, at))
        await counter.hub.tell(link.sender, protocol.said(send.message_id, send.text, at), but=link)
        self._start(self._follow(link, receipt))

    async def _ack(self, link: Link, ack: protocol.Ack) -> None:
        up_to = min(ack.up_to, link.highest)
        self._counter.hub.acknowledge(link.sender, up_to)
        if up_to:
            await self._counter.desk.acknowledged(NAME, link.sender, up_to)

    async def _fetch(self, link: Link) -> None:
        """Hand over what the page was not given, by whatever gateway it was taken in and answered."""
        desk = self._counter.desk
        replies = await desk.outgoing(NAME, link.sender, link.highest)
        if not replies:
            return
        shown, link.highest = link.highest, max(link.highest, replies[-1].id)
        lines = await desk.transcript(NAME, link.sender, self._counter.limits.history)
        await link.put(protocol.missed(protocol.unseen(lines, shown)))

    async def _follow(self, link: Link, receipt: Receipt) -> None:
        hub = self._counter.hub
        await hub.tell(link.sender, protocol.typing(True))
        try:
            try:
                await self._counter.desk.result(receipt, self._counter.limits.turn_within)
            finally:  # also when nothing is to be said, or it cannot be known
                await hub.tell(link.sender, protocol.typing(False))
            await asyncio.sleep(FETCH_AFTER)
            await self._fetch(link)
        except StorageError as fault:
            log.warning("web chat: a turn could not be followed: %s", fault)

    async def _displace(self, link: Link) -> None:
        await link.put(protocol.error("too_many_pages", self._sentence("too_many_pages")))
        await link.close(protocol.DISPLACED)

    async def _refuse(self, link: Link, message_id: str, code: str, retry_in: float | None = None) -> None:
        sentence = self._sentence(code, seconds=retry_in)
        await link.put(protocol.refused(message_id, code, sentence, retry_in))

    async def _error(self, code: str) -> None:
        try:
            await self._socket.send_str(protocol.dump(protocol.error(code, self._sentence(code))))
        except (ConnectionError, RuntimeError):
            log.debug("web chat: the page was gone before it could be told %s", code)

    def _sentence(self, code: str, **values: object) -> str:
        return self._counter.face().texts.refusal(code, **values)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
