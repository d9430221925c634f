"""What holds for every public request: limits, errors of one form, headers, a log without names."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.desk.errors import MessageError, StorageError, place_of
from bot.gateway import texts

log = logging.getLogger("bot.access")
faults = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST_ID = web.RequestKey("request_id", str)
READ_WITHIN = 10.0

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_SENTENCES = {
    404: ("not_found", texts.NOT_FOUND),
    405: ("method_not_allowed", texts.METHOD),
    413: ("too_large", texts.TOO_LARGE),
}


@web.middleware
async def account(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and log what became of it: no address, no query, nothing that was typed."""
    request[REQUEST_ID] = secrets.token_hex(8)
    began = time.perf_counter()
    status = 499  # the client went away
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        if log.isEnabledFor(logging.INFO):
            spent = (time.perf_counter() - began) * 1000
            log.info(
                "%s %s %d %.1f ms %s", request.method, route(request), status, spent, request[REQUEST_ID]
            )


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into one form: ``{"error": {"code", "message"}, "request_id"}``."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or error.content_type == "application/json":
            raise
        code, sentence = _SENTENCES.get(error.status, ("refused", texts.REFUSED))
        return failure(request, error.status, code, sentence, error.headers.getall("Allow", ()))
    except StorageError as error:
        faults.error("%s: %s", request[REQUEST_ID], error)
        return failure(request, 503, "unavailable", error.for_reader)
    except MessageError as error:
        return failure(request, 400, error.code, error.for_reader)
    except Exception as error:
        # The last line: the enquirer gets a sentence, the log the place, and neither the text of the error.
        faults.error("%s: %s at %s", request[REQUEST_ID], type(error).__name__, place_of(error))
        return failure(request, 500, "internal", texts.BROKEN)


@web.middleware
async def read_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the body before anything else, no more than is allowed, in no more than some seconds.

    A handler with ``reads_body`` does that itself, to refuse in its own way.
    """
    if request.body_exists and not getattr(request.match_info.handler, "reads_body", False):
        try:
            await asyncio.wait_for(request.read(), READ_WITHIN)
        except asyncio.TimeoutError:
            return failure(request, 408, "too_slow", texts.TOO_SLOW)
    return await handler(request)


async def guard(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that keep browsers safe, where the answer has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "desk"
    if REQUEST_ID in request:
        response.headers["X-Request-ID"] = request[REQUEST_ID]


def failure(
    request: web.Request, status: int, code: str, sentence: str, allow: tuple[str, ...] | list[str] = ()
) -> web.Response:
    """Give the answer for something that went wrong."""
    body = {"error": {"code": code, "message": sentence}, "request_id": request.get(REQUEST_ID)}
    headers = {"Allow": ", ".join(allow)} if allow else {}
    if status == 503:
        headers["Retry-After"] = "5"
    return web.json_response(body, status=status, headers=headers, dumps=dump)


def dump(value: object) -> str:
    """Give JSON in which Chinese can be read."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def route(request: web.Request) -> str:
    """Give the route's pattern: the path itself may hold what identifies somebody."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "?"
