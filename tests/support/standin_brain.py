"""A brain that is none: answers by what the text tells it to. ``python -m tests.support.standin_brain``."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from aiohttp import web

SMALL_TALK, CLARIFY, PERSON = "你好", "哪个", "转人工"


def answer(turn: dict[str, Any]) -> dict[str, Any]:
    """Answer a turn; the context counts the turns, so that a lost or doubled one shows."""
    text, count = turn["text"], turn["context"].get("turns", 0) + 1
    result: dict[str, Any] = {
        "outcome": "answered",
        "replies": [{"text": f"答:{text}", "quick_replies": [{"title": "材料", "payload": "要什么材料"}]}],
        "entries": ["s01"],
        "facets": ["materials"],
        "confidence": 0.9,
        "context": {"turns": count},
        "explanation": {"heard": text},
    }
    if text.startswith(SMALL_TALK):
        result |= {"outcome": "small_talk", "entries": [], "facets": []}
    elif text.startswith(CLARIFY):
        result |= {"outcome": "clarifying"}
    elif text.startswith(PERSON):
        result |= {"outcome": "handed_off", "hand_off": "requested", "entries": []}
    return result


class StandIn:
    """The brain's HTTP side. ``!`` at the beginning of a text asks for bad behaviour."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def application(self) -> web.Application:
        """Give the application."""
        app = web.Application()
        app.router.add_post("/turns", self.turn)
        app.router.add_get("/health", self.health)
        return app

    async def health(self, request: web.Request) -> web.Response:
        """Say that the brain is ready."""
        return web.json_response({"state": "ready"})

    async def turn(self, request: web.Request) -> web.Response:
        """Take a turn."""
        turn = await request.json()
        self.asked.append(turn)
        command, _, argument = turn["text"].partition(" ")
        if command == "!sleep":
            await asyncio.sleep(float(argument.split()[0]))
        elif command == "!status":
            return web.json_response({"error": {"code": "x", "message": "y"}}, status=int(argument))
        elif command == "!raw":
            return web.Response(text=argument, content_type="application/json")
        return web.json_response(answer(turn), dumps=lambda value: json.dumps(value, ensure_ascii=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    web.run_app(StandIn().application(), host="127.0.0.1", port=parser.parse_args().port, print=None)
