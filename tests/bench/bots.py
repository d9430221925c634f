"""The two bots that are measured: this desk as ``make run`` starts it, and a plain Rasa bot."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from bot.commands.ports import free_port
from tests.bench.load import Bot
from tests.support.desk_process import process, running_desk, wait_for

QUESTIONS = [
    "技改备案要啥材料",
    "专精特新的申报条件",
    "您好",
    "首台套多久能批下来",
    "那收费吗",
    "信息公开申请多少天答复",
    "工信局在哪里办公",
    "节能审查归哪个科室管",
]
PLAIN_QUESTIONS = ["hi", "I am sad", "no", "bye", "what can you do", "great", "yes", "are you a bot"]
RASA = str(Path(sys.executable).with_name("rasa"))
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


@contextmanager
def desk(folder: Path) -> Iterator[Bot]:
    """Run the whole desk: gateway, one brain, SQLite in ``folder``."""
    with running_desk(folder) as running:
        address = f"{running.url}/api/v1/messages"

        async def put(session: aiohttp.ClientSession, conversation: str, text: str) -> None:
            message = {"conversation": conversation, "message_id": uuid.uuid4().hex, "text": text}
            async with session.post(address, json=message) as answer:
                body = await answer.json()
                if answer.status != 200 or not body["replies"]:
                    raise ValueError(f"{answer.status} {body}")

        yield Bot("desk", put, QUESTIONS, running.processes)


@contextmanager
def plain_rasa(folder: Path) -> Iterator[Bot]:
    """Make and train the bot that ``rasa init`` makes, and serve it with the stock REST channel."""
    port = free_port("127.0.0.1")
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    log = folder / "plain.log"
    project = folder / "plain"
    project.mkdir()
    with log.open("ab") as out:
        made = [RASA, "init", "--no-prompt", "--init-dir", str(project)]
        env = {**os.environ, **QUIET}
        subprocess.run(made, cwd=project, env=env, stdout=out, stderr=out, check=True, timeout=1800)

    async def put(session: aiohttp.ClientSession, conversation: str, text: str) -> None:
        async with session.post(address, json={"sender": conversation, "message": text}) as answer:
            if answer.status != 200 or not isinstance(await answer.json(), list):
                raise ValueError(str(answer.status))

    command = [RASA, "run", "--interface", "127.0.0.1", "-p", str(port), "--quiet"]
    with process(command, project, QUIET, log) as server:
        wait_for(f"http://127.0.0.1:{port}/", log)
        yield Bot("plain Rasa", put, PLAIN_QUESTIONS, [server, *server.children(recursive=True)])
