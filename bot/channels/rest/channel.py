"""The REST channel: one question a request, and the answer in the response."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.channels.base import Delivery, DeliveryState, Desk, Receipt
from bot.channels.rest.access import Verdict, judge
from bot.channels.rest.requests import CONVERSATION_LIMIT, Question, Refusal, identifier, read_question
from bot.desk.errors import MessageError, StorageError
from bot.desk.messages import InboundMessage, OutboundMessage, Reply, TurnResult

log = logging.getLogger(__name__)

DOCUMENT = Path(__file__).parent / "openapi.yml"
_STATUS = {"conflict": 409, "too_long": 413}


@dataclass(frozen=True)
class Options:
    """``wait_seconds``: how long a request waits for its answer. Without key and loopback all is off."""

    api_key: str | None = field(default=None, repr=False)
    loopback: bool = False
    wait_seconds: float = 20.0

    @property
    def on(self) -> bool:
        """Whether anybody may use the channel."""
        return self.api_key is not None or self.loopback


class Rest:
    """The channel. Nothing is pushed: the caller waits, repeats the message, or asks for later replies."""

    name = "rest"
    repeatable = True

    def __init__(self, options: Options, clock: Callable[[], float] = time.time) -> None:
        self._options = options
        self._clock = clock
        self._marking: set[asyncio.Task[None]] = set()

    def add_routes(self, app: web.Application, desk: Desk) -> None:
        """Put the channel's addresses on the public application; none while it is off."""
        if not self._options.on:
            return
        document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))

        async def ask(request: web.Request) -> web.StreamResponse:
            return await self._guarded(request, self._ask(request, desk))

        async def later(request: web.Request) -> web.StreamResponse:
            return await self._guarded(request, self._later(request, desk))

        async def described(request: web.Request) -> web.StreamResponse:
            return await self._guarded(request, _given(_json(200, document)))

        app.router.add_post("/api/v1/messages", ask)
        app.router.add_get("/api/v1/messages", later)
        app.router.add_get("/api/v1/openapi.json", described)

    async def deliver(self, message: OutboundMessage) -> Delivery:
        """Leave the reply to the caller, who waits for it or asks for it."""
        return Delivery(DeliveryState.WAITING)

    async def _guarded(
        self, request: web.Request, answer: Coroutine[Any, Any, web.StreamResponse]
    ) -> web.StreamResponse:
        try:
            verdict = judge(request, self._options.api_key, self._options.loopback)
            if verdict is Verdict.OFF:
                raise web.HTTPNotFound
            if verdict is Verdict.NO_KEY:
                refusal = _error(401, "no_key", "需要正确的接口密钥。")
                refusal.headers["WWW-Authenticate"] = "Bearer"
                return refusal
            return await answer
        except Refusal as error:
            return _error(error.status, error.code, error.sentence)
        except MessageError as error:
            return _error(_STATUS.get(error.code, 400), error.code, error.for_reader)
        except StorageError as error:
            log.warning("REST: %s", error)
            refusal = _error(503, "unavailable", error.for_reader)
            refusal.headers["Retry-After"] = "5"
            return refusal
        finally:
            answer.close()

    async def _ask(self, request: web.Request, desk: Desk) -> web.StreamResponse:
        question = read_question(await request.read())
        receipt = await desk.accept(self._message(question))
        result = await desk.result(receipt, self._options.wait_seconds)
        if result is None:
            told = f"消息已收下(编号 {receipt.number}),答复还没有准备好,请稍后用同一个消息编号再问。"
            refusal = _error(504, "not_ready", told)
            refusal.headers["Retry-After"] = "2"
            return refusal
        response = _json(200, _answer(receipt, result))
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionResetError:
            return response  # the caller has gone; the replies wait for a repeat
        self._mark(desk, receipt)
        return response

    def _message(self, question: Question) -> InboundMessage:
        return InboundMessage(
            self.name, question.message_id, question.conversation, "text", question.text, self._clock()
        )

    def _mark(self, desk: Desk, receipt: Receipt) -> None:
        """Note that the answer went out, without keeping the caller's line waiting for it."""
        task = asyncio.create_task(_answered(desk, receipt))
        self._marking.add(task)
        task.add_done_callback(self._marking.discard)

    async def _later(self, request: web.Request, desk: Desk) -> web.StreamResponse:
        conversation = identifier(dict(request.query), "conversation", CONVERSATION_LIMIT)
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Refusal(400, "bad_field", "after 应为不小于 0 的整数。")
        if int(after):
            await desk.acknowledged(self.name, conversation, int(after))
        messages = await desk.outgoing(self.name, conversation, int(after))
        return _json(200, {"messages": [_outbound(message) for message in messages]})


async def _answered(desk: Desk, receipt: Receipt) -> None:
    try:
        await desk.answered(receipt)
    except StorageError as error:
        log.warning("REST: a delivery could not be noted: %s", error)


async def _given(response: web.Response) -> web.StreamResponse:
    return response


def _answer(receipt: Receipt, result: TurnResult) -> dict[str, Any]:
    return {
        "receipt": receipt.number,
        "outcome": result.outcome.value,
        "entries": list(result.entries),
        "facets": list(result.facets),
        "confidence": result.confidence,
        "replies": [_reply(reply) for reply in result.replies],
    }


def _reply(reply: Reply) -> dict[str, Any]:
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.quick_replies]
    return {"text": reply.text, "quick_replies": buttons}


def _outbound(message: OutboundMessage) -> dict[str, Any]:
    known = {"id": message.id, "author": message.author, "at": message.at, "in_reply_to": message.in_reply_to}
    return {**known, **_reply(message.reply)}


def _error(status: int, code: str, sentence: str) -> web.Response:
    return _json(status, {"error": {"code": code, "message": sentence}})


def _json(status: int, body: object) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(status=status, body=text.encode(), content_type="application/json", charset="utf-8")
