"""The same ``POST /turns`` under ``rasa run``; ``credentials.yml`` names it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.brain import patches
from bot.brain.parsing import Parser
from bot.brain.protocol import TurnError, read_request, write_error, write_result
from bot.brain.turns import take_turn


class DeskInput(InputChannel):  # its address is /webhooks/desk/turns
    """Takes the requests that a brain takes, and gives the answers that a brain gives."""

    def __init__(self) -> None:
        self._parser: tuple[Any, Parser] | None = None

    @classmethod
    def name(cls) -> str:
        """Give the channel's part of the address."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        """Make the channel; it needs no credentials."""
        patches.apply()
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Give the routes. The agent is used directly: what ``on_new_message`` hides is the error."""
        routes = Blueprint("desk_input")

        @routes.post("/turns")
        async def turns(request: Request) -> HTTPResponse:
            try:
                return _json(200, await self._turn(request))
            except TurnError as error:
                return _json(error.status, write_error(error))

        return routes

    async def _turn(self, request: Request) -> dict[str, Any]:
        agent: Agent = request.app.ctx.agent
        if not agent or not agent.is_ready():
            raise TurnError(503, "starting", "no model is loaded")
        try:
            body = json.loads(request.body)
        except ValueError as error:
            raise TurnError(400, "bad_request", "the body must be JSON in UTF-8") from error
        turn = read_request(body)
        return write_result(await take_turn(agent, self._parser_of(agent), turn))

    def _parser_of(self, agent: Agent) -> Parser:
        # A new model may be put into a running server, and its pipeline with it.
        if self._parser is None or self._parser[0] is not agent.processor:
            self._parser = (agent.processor, Parser(agent.processor))
        return self._parser[1]


def _json(status: int, body: object) -> HTTPResponse:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return raw(text.encode(), status=status, content_type="application/json; charset=utf-8")
