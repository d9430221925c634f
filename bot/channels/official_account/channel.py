"""An official account as a channel: its address on the public side, and the delivery of replies."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from aiohttp import web

from bot.channels.base import Delivery, DeliveryState, Desk, Receipt
from bot.channels.official_account import http
from bot.channels.official_account.api import Api
from bot.channels.official_account.calls import ApiError, Calls, Unreachable
from bot.channels.official_account.consents import Consents
from bot.channels.official_account.counter import Counter
from bot.channels.official_account.door import Door, Entry
from bot.channels.official_account.lines import Line, Lines
from bot.channels.official_account.links import Links
from bot.channels.official_account.options import Account, Faces, Patience
from bot.channels.official_account.pictures import Pictures
from bot.channels.official_account.plans import Ask, Consent, Forget, Say, Silence, plan
from bot.channels.official_account.pushes import Push
from bot.channels.official_account.refusals import Refused
from bot.channels.official_account.rest_page import add_page
from bot.channels.official_account.sending import Courier
from bot.desk.errors import MessageError, StorageError
from bot.desk.messages import InboundMessage, OutboundMessage, Reply
from bot.desk.splitting import split

log = logging.getLogger(__name__)

SUCCESS = "success"
# A retry that finds the answer ready but not sent waits so long for the sender to put it on its line.
READY_WITHIN = 1.0
REFUSAL, UNAVAILABLE = "forbidden", "unavailable"
# The platform hangs up after five seconds; a database that is slow twice must not take longer.
ANSWERED_WITHIN = 4.9

T = TypeVar("T")


class OfficialAccount:
    """One account. ``clock`` is in seconds since the epoch, ``ticks`` in steady seconds."""

    repeatable = False

    def __init__(
        self,
        account: Account,
        face: Faces,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.name = account.dialect.name
        self._account = account
        self._face = face
        self._patience = patience or Patience()
        self._clock = clock
        self._ticks = ticks
        self._door = Door(account, random)
        self._lines = Lines(self._patience, ticks)
        self._owner = random(8).hex()
        self._api: Api | None = None
        self._courier: Courier | None = None
        self._pictures: Pictures | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """Put the account's address on the public application."""
        notes = desk.notes(self.name)
        if self._account.app_secret:
            calls = Calls(self._account.api, self._patience.api)
            self._api = Api(self._account, calls, notes, self._owner, self._clock)
            if self._account.dialect.media and self._account.pictures:
                self._pictures = Pictures(self._api, desk)
        links = None
        if self._account.public_url:
            links = Links(self._account.public_url, self._account.dialect.path, desk.stamp)
            add_page(app, self._account.dialect.path, links, desk, self._face, self._clock)
        consents = Consents(notes)
        self._courier = Courier(
            self._account.dialect, self._api, consents, self._lines, self._face, self._clock, links
        )
        counter = Counter(desk, notes, consents)

        async def verify(request: web.Request) -> web.StreamResponse:
            return self._verify(request)

        async def push(request: web.Request) -> web.StreamResponse:
            return await self._push(request, counter)

        # What is wrong with the body is refused like everything else, so it is read here.
        push.reads_body = True  # type: ignore[attr-defined]
        app.router.add_get(self._account.dialect.path, verify)
        app.router.add_post(self._account.dialect.path, push)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What a person must see to."""
        return self._courier.complaints if self._courier else ()

    def pack(self, waiting: Sequence[OutboundMessage], now: float) -> OutboundMessage:
        """Give what is to go out next; see ``bot.channels.base.Packs``."""
        return self._courier.pack(list(waiting), now) if self._courier else waiting[0]

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Try once; see ``bot.channels.base.Channel``."""
        if self._courier is None:
            return Delivery(DeliveryState.WAITING, "not started")
        return await self._courier.deliver(message)

    async def close(self) -> None:
        """Let go of the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._api:
            await self._api.close()

    def _verify(self, request: web.Request) -> web.StreamResponse:
        try:
            return http.text(self._door.echo(http.query_of(request), self._clock()))
        except Refused as error:
            return self._refuse(error)

    async def _push(self, request: web.Request, counter: Counter) -> web.StreamResponse:
        came = self._ticks()
        try:
            return await asyncio.wait_for(self._handle(request, counter, came), ANSWERED_WITHIN)
        except asyncio.TimeoutError:
            log.error("%s: a push could not be kept in time", self.name)
            return http.text(UNAVAILABLE, 503)

    async def _handle(self, request: web.Request, counter: Counter, came: float) -> web.StreamResponse:
        try:
            query = http.query_of(request)
            self._door.enter(query, self._clock())
            entry = self._door.open(query, await http.body_of(request), self._clock())
            await counter.prove(entry)
        except Refused as error:
            return self._refuse(error)
        except StorageError as error:
            return self._unavailable(error)
        try:
            return await self._act(request, entry, counter, came)
        except StorageError as error:
            return self._unavailable(error)

    async def _act(
        self, request: web.Request, entry: Entry, counter: Counter, came: float
    ) -> web.StreamResponse:
        planned = plan(entry.push, self._face())
        if isinstance(planned, (Ask, Say)):
            return await self._converse(request, entry, planned, counter, came)
        if isinstance(planned, Silence):
            log.debug("%s: silent on %s", self.name, planned.reason)
        elif not await counter.is_done(entry):
            # Done first and noted then: a crash in between does it twice, which changes nothing.
            await self._note_down(entry.push.sender, planned, counter)
            await counter.done(entry)
        return http.text(SUCCESS)

    async def _note_down(self, user: str, planned: Forget | Consent, counter: Counter) -> None:
        if isinstance(planned, Forget):
            await counter.desk.forget(self.name, user)
            return
        for template, accepted in planned.answers:
            await counter.consents.answer(user, template, accepted)

    async def _converse(
        self, request: web.Request, entry: Entry, planned: Ask | Say, counter: Counter, came: float
    ) -> web.StreamResponse:
        push = entry.push
        patient = self._courier is None or not self._courier.usable
        line = self._lines.open(push.sender, push.key, came, patient)
        if isinstance(planned, Ask):
            self._lines.asks(line)
        try:
            receipt = await self._to_its_end(counter.desk.accept(self._message(entry, planned)))
            again = self._lines.again(push.sender, push.key) if receipt.repeated else None
            if not receipt.repeated:
                self._keep_picture(push, receipt)
            text = again or await self._awaited(line, receipt, counter)
            if text is None:
                if isinstance(planned, Ask) and not (receipt.repeated or line.silent or line.crowded):
                    self._show_typing(push.sender)
                return http.text(SUCCESS)
            return await self._reply(request, line, self._door.answer(entry, text, self._clock()))
        except MessageError as error:
            log.info("%s: a message was not taken in: %s", self.name, error.code)
            if error.code == "conflict":
                return http.text(SUCCESS)
            return http.xml(self._door.answer(entry, error.for_reader, self._clock()))
        finally:
            self._lines.close(line)

    def _message(self, entry: Entry, planned: Ask | Say) -> InboundMessage:
        push = entry.push
        answer = Reply(split(planned.text)[0]) if isinstance(planned, Say) else None
        text = planned.mark if isinstance(planned, Say) else planned.text
        kind = "text" if isinstance(planned, Ask) else push.event or push.kind
        return InboundMessage(
            self.name, push.key, push.sender, kind[:32], text, float(push.created), answer, planned.allowance
        )

    async def _awaited(self, line: Line, receipt: Receipt, counter: Counter) -> str | None:
        """Wait for what goes back on the line; ``None``: nothing, or not in time."""
        desk = counter.desk
        if receipt.repeated and await desk.result(receipt, 0) is not None:
            if not await desk.hurry(self.name, line.recipient):
                return None
            await asyncio.wait((line.text,), timeout=READY_WITHIN)
            line.close()
            return line.text.result()
        ended = asyncio.ensure_future(self._end_if_silent(line, receipt, desk))
        try:
            return await self._lines.wait(line)
        finally:
            ended.cancel()

    async def _end_if_silent(self, line: Line, receipt: Receipt, desk: Desk) -> None:
        """Do not keep the line for a turn that has nothing to say."""
        try:
            result = await desk.result(receipt, self._patience.passive)
        except StorageError:
            return  # then the line is kept as long as it can be
        if result is not None and not result.replies:
            line.silent = True
            line.close()

    async def _reply(self, request: web.Request, line: Line, body: str) -> web.StreamResponse:
        """Write the reply, and tell whether it went out: if not, it takes another way."""
        response = http.xml(body)
        if request.transport is None or request.transport.is_closing():
            return response
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionResetError:
            log.info("%s: the platform had gone before the answer", self.name)
            return response
        if not line.written.done():
            line.written.set_result(True)
        return response

    def _show_typing(self, user: str) -> None:
        if (
            self._api is None
            or not self._account.dialect.typing
            or not self._courier
            or not self._courier.usable
        ):
            return
        self._start(_typing(self._api, user))

    def _keep_picture(self, push: Push, receipt: Receipt) -> None:
        media = push.fields.get("MediaId")
        if self._pictures and push.kind == "image" and media and self._courier and self._courier.usable:
            self._start(self._pictures.keep(receipt, media))

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited for it has it, or has gone

    async def _to_its_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this even if the request ends before: what is committed must also be begun."""
        return await asyncio.shield(self._start(work))

    def _refuse(self, error: Refused) -> web.StreamResponse:
        log.warning("%s: refused: %s", self.name, error)
        return http.text(REFUSAL, 403)

    def _unavailable(self, error: StorageError) -> web.StreamResponse:
        # Not acknowledged: the platform pushes it again.
        log.error("%s: a push could not be kept: %s", self.name, error)
        return http.text(UNAVAILABLE, 503)


async def _typing(api: Api, user: str) -> None:
    try:
        await api.typing(user)
    except (ApiError, Unreachable, StorageError) as error:
        log.debug("typing was not shown: %s", error)
