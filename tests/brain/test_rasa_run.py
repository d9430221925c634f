"""``rasa run`` with ``rasa run actions`` gives, from the same files, the answers that a brain gives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.brain.model_files import PROJECT
from bot.commands.children import until
from bot.commands.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
CONVERSATION = [
    "您好",
    "技改备案要啥材料",
    "那要多久?",
    "换成专精特新呢",
    "/restart",
    '/ask_service{"entry": "s01"}',
    "怎么申请信息公开,收费吗",
    "哪里办营业执照",
    "今天天气怎么样",
    "转人工",
]
QUIET_RASA = (sys.executable, "-m", "bot.brain.quiet_rasa")


@contextmanager
def process(*command: str, **environ: str) -> Iterator[None]:
    """Run a program in the project's folder."""
    env = {**os.environ, "BOT_ALLOW_SAMPLES": "1", **environ}
    nowhere = subprocess.DEVNULL
    running = subprocess.Popen(command, cwd=PROJECT, env=env, stderr=nowhere, stdout=nowhere)
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@pytest.fixture
def both_ways(trained_model: Path, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Give the addresses of a brain, of ``rasa run`` and of its action server, all of the same files."""
    brain, rasa, actions = (f"http://127.0.0.1:{free_port('127.0.0.1')}" for _ in range(3))
    port = rasa.rpartition(":")[2]
    endpoints = tmp_path / "endpoints.yml"
    text = (PROJECT / "endpoints.yml").read_text("utf-8")
    assert "http://localhost:5055" in text
    endpoints.write_text(text.replace("http://localhost:5055", actions), "utf-8")
    server = (*QUIET_RASA, "run", "--interface", "127.0.0.1", "-p", port, "-m", str(trained_model))
    with ExitStack() as stack:
        start = stack.enter_context
        start(process(sys.executable, "-m", "bot.brain", "--listen", brain, "--model", str(trained_model)))
        start(process(*server, "--endpoints", str(endpoints), "--credentials", "credentials.yml"))
        start(
            process(*QUIET_RASA, "run", "actions", "-p", actions.rpartition(":")[2], SANIC_HOST="127.0.0.1")
        )
        yield brain, rasa, actions


async def answers(session: aiohttp.ClientSession, url: str) -> list[tuple[int, dict]]:
    """Give what is answered to the conversation, each turn with the context that the last one left."""
    given: list[tuple[int, dict]] = []
    context: dict = {}
    for number, text in enumerate(CONVERSATION):
        turn = {"conversation": "c", "channel": "test", "message_id": f"m{number}", "text": text}
        async with session.post(url, json={**turn, "sent_at": 1, "context": context}) as answer:
            body = await answer.json()
            given.append((answer.status, body))
        context = body.get("context", {})
    return given


async def test_both_ways_give_the_same_answers(both_ways):
    brain, rasa, actions = both_ways
    async with aiohttp.ClientSession() as session:

        async def up() -> bool:
            try:
                async with session.get(rasa), session.get(f"{actions}/health"):
                    async with session.get(f"{brain}/health") as answer:
                        return (await answer.json())["state"] == "ready"
            except aiohttp.ClientError:
                return False

        assert await until(up, 120)
        by_brain = await answers(session, f"{brain}/turns")
        by_rasa = await answers(session, f"{rasa}/webhooks/desk/turns")
        assert by_rasa == by_brain
        assert [status for status, _ in by_brain] == [200] * len(CONVERSATION)
        async with session.post(f"{rasa}/webhooks/desk/turns", data=b"{") as refused:
            assert (refused.status, (await refused.json())["error"]["code"]) == (400, "bad_request")
