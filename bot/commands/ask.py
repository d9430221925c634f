"""``ask``: puts one question, to the running desk when it is up, else to a brain in this process."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import uuid
from typing import Any

import aiohttp

from bot.brain.model_files import model_path
from bot.commands import texts
from bot.commands.ports import gateway_url
from bot.desk.errors import BrainError, MessageError
from bot.desk.masking import mask
from bot.settings import Settings, read_settings

PATIENCE = aiohttp.ClientTimeout(total=30, connect=2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the command's options."""
    parser.add_argument("question", nargs="+", help=texts.ASK_QUESTION)
    parser.add_argument("--here", action="store_true", help=texts.ASK_HERE)


def run(options: argparse.Namespace) -> int:
    """Print the replies. Raises ``BrainError`` without model or reply, ``MessageError`` without question."""
    settings = read_settings()
    question = " ".join(options.question).strip()
    if not question:
        raise MessageError("empty", "the question is empty", texts.ASK_EMPTY)
    answer = None if options.here else asyncio.run(_by_gateway(settings, question))
    if answer is None:
        print(texts.ASK_IN_PROCESS, file=sys.stderr)
        answer = _in_process(settings, question)
    _tell(answer)
    return 0


async def _by_gateway(settings: Settings, question: str) -> dict[str, Any] | None:
    """Give what the REST channel answers; ``None`` when the desk is not up or the channel is off."""
    name = uuid.uuid4().hex
    body = {"conversation": f"terminal-{name}", "message_id": name, "text": question}
    headers = {"X-API-Key": settings.api_key} if settings.api_key else {}
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE, headers=headers) as session:
            async with session.post(f"{gateway_url(settings)}/api/v1/messages", json=body) as answer:
                if answer.status in (401, 404):
                    return None
                told: dict[str, Any] = await answer.json()
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
        return None
    if "error" in told:
        raise BrainError(f"the gateway gave {answer.status}", str(told["error"].get("message")))
    return told


def _in_process(settings: Settings, question: str) -> dict[str, Any]:
    model = model_path(settings.models, settings.data)
    if not model.exists():
        raise BrainError("no model", texts.MODEL_NONE)
    from bot.brain import quiet, without_tensorflow

    quiet.silence()
    if without_tensorflow.model_does_without(model):
        without_tensorflow.put_placeholder()
    quiet.silence_structlog()
    from bot.brain.agent import Brain
    from bot.brain.protocol import TurnRequest, write_result

    name = uuid.uuid4().hex
    request = TurnRequest(f"terminal-{name}", "terminal", name, mask(question), time.time())
    return write_result(asyncio.run(Brain.load(model).turn(request)))


def _tell(answer: dict[str, Any]) -> None:
    for reply in answer["replies"]:
        print(reply["text"])
        for button in reply["quick_replies"]:
            print(f"  · {button['title']}")
    outcome = texts.OUTCOMES.get(answer["outcome"], answer["outcome"])
    entries = "、".join(answer["entries"]) or texts.NONE
    told = texts.ASKED.format(outcome=outcome, entries=entries, confidence=answer["confidence"])
    print(f"\n{told}", file=sys.stderr)
