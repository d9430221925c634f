"""What holds for every request of the console: errors that people can read, safe headers, limits, a log."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.console.guard import Refused, wants_page
from bot.console.rendering import as_json, render
from bot.console.services import services
from bot.desk.accounts import AccountError
from bot.desk.errors import DeskError, StorageError, place_of

log = logging.getLogger("bot.console.access")
faults = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST_ID = web.RequestKey("request_id", str)
READ_WITHIN = 10.0

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Cache-Control": "no-store",
}


@web.middleware
async def account(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and log what became of it: no address, no query, nothing that was typed."""
    request[REQUEST_ID] = secrets.token_hex(8)
    began = time.perf_counter()
    status = 499  # the browser went away
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        resource = request.match_info.route.resource
        spent = (time.perf_counter() - began) * 1000
        path = resource.canonical if resource else "?"
        log.info("%s %s %d %.1f ms %s", request.method, path, status, spent, request[REQUEST_ID])


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into a page for people, or a sentence for a script."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _told(request, error.status, _sentence(request, f"http_{error.status}", "http_other"))
    except Refused as error:
        return _told(request, error.status, _sentence(request, error.code))
    except AccountError as error:
        return _told(request, 400, _sentence(request, error.code))
    except StorageError as error:
        faults.error("%s: %s", request[REQUEST_ID], error)
        return _told(request, 503, error.for_reader)
    except DeskError as error:
        return _told(request, 400, error.for_reader)
    except Exception as error:
        # The last line: the reader gets a sentence, the log the place, and neither the text of the error.
        faults.error("%s: %s at %s", request[REQUEST_ID], type(error).__name__, place_of(error))
        return _told(request, 500, _sentence(request, "http_500"))


@web.middleware
async def read_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the body before anything else, no more than is allowed, in no more than some seconds."""
    if request.body_exists:
        await asyncio.wait_for(request.read(), READ_WITHIN)
    return await handler(request)


async def guard(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that keep browsers safe, where the answer has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "desk"


def _sentence(request: web.Request, code: str, otherwise: str = "http_other") -> str:
    words = services(request).words
    return words("errors", code if words.known("errors", code) else otherwise)


def _told(request: web.Request, status: int, sentence: str) -> web.Response:
    number: str = request[REQUEST_ID]
    form = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
    if wants_page(request) or form:
        return render(request, "error.html", status, sentence=sentence, number=number)
    return as_json({"error": {"message": sentence}, "request_id": number}, status)
