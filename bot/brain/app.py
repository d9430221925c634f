"""The brain's HTTP side: ``POST /turns`` for the gateway, ``GET /health`` for whoever watches."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Protocol

from aiohttp import web

from bot.brain.faults import place_of
from bot.brain.protocol import TurnError, TurnRequest, read_request, write_error, write_result
from bot.desk.messages import TurnResult

BODY_LIMIT = 256 * 1024  # bytes; a context is bounded, a text shorter than 8000 characters
log = logging.getLogger(__name__)


class TakesTurns(Protocol):
    """What the application needs of a brain."""

    async def turn(self, request: TurnRequest) -> TurnResult:
        """Take one turn. Raises ``TurnError``."""


class BrainApp:
    """Answers from the moment the process listens; until a brain is given, that it is starting."""

    def __init__(self, catalogue_version: Callable[[], str | None]) -> None:
        self._brain: TakesTurns | None = None
        self._model: str | None = None
        self._catalogue_version = catalogue_version

    def ready(self, brain: TakesTurns, model: str) -> None:
        """Take turns with this brain from now on."""
        self._brain, self._model = brain, model

    def application(self) -> web.Application:
        """Give the aiohttp application."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_post("/turns", self._turns)
        app.router.add_get("/health", self._health)
        return app

    async def _turns(self, request: web.Request) -> web.Response:
        try:
            if self._brain is None:
                raise TurnError(503, "starting", "the model is being loaded")
            turn = read_request(await _body(request))
            return _json(200, write_result(await self._brain.turn(turn)))
        except TurnError as error:
            log.warning("turn refused: %d %s: %s", error.status, error.code, error)
            return _json(error.status, write_error(error))
        except Exception as error:
            # The last line of defence: whatever went wrong, the gateway is told so and nothing is empty.
            log.error("turn failed: %s", place_of(error))
            return _json(500, write_error(TurnError(500, "internal", type(error).__name__)))

    async def _health(self, _: web.Request) -> web.Response:
        if self._brain is None:
            return _json(200, {"state": "starting", "model": None, "catalogue": None})
        return _json(200, {"state": "ready", "model": self._model, "catalogue": self._catalogue_version()})


async def _body(request: web.Request) -> object:
    try:
        return json.loads(await request.text())
    except web.HTTPRequestEntityTooLarge as error:
        raise TurnError(413, "too_large", f"the body is larger than {BODY_LIMIT} bytes") from error
    except (UnicodeDecodeError, LookupError, ValueError, RecursionError) as error:
        raise TurnError(400, "bad_request", "the body must be JSON in UTF-8") from error


def _json(status: int, body: object) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        content_type="application/json",
        charset="utf-8",
    )
