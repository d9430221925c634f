"""The two bots that are measured: this desk as ``make run`` starts it, and a plain Rasa bot."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil

from bot.brain.model_files import PROJECT
from bot.commands.ports import free_port
from tests.bench.load import Bot

START = 240.0  # seconds
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
    port, brain_port = free_port("127.0.0.1"), free_port("127.0.0.1")
    env = {"BOT_VAR": str(folder / "var"), "BOT_PORT": str(port), "BOT_BRAIN_PORT": str(brain_port)}
    env |= {"BOT_ALLOW_SAMPLES": "1", "BOT_REST_LOOPBACK": "1", "BOT_LOG_LEVEL": "WARNING"}
    address = f"http://127.0.0.1:{port}/api/v1/messages"

    async def put(session: aiohttp.ClientSession, conversation: str, text: str) -> None:
        message = {"conversation": conversation, "message_id": uuid.uuid4().hex, "text": text}
        async with session.post(address, json=message) as answer:
            body = await answer.json()
            if answer.status != 200 or not body["replies"]:
                raise ValueError(f"{answer.status} {body}")

    log = folder / "desk.log"
    with _process([sys.executable, "-m", "bot", "run"], PROJECT, env, log) as supervisor:
        _wait(f"http://127.0.0.1:{brain_port}/health", log, b'"ready"')
        _wait(f"http://127.0.0.1:{port}/health", log)
        yield Bot("desk", put, QUESTIONS, supervisor.children(recursive=True))


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
    with _process(command, project, QUIET, log) as server:
        _wait(f"http://127.0.0.1:{port}/", log)
        yield Bot("plain Rasa", put, PLAIN_QUESTIONS, [server, *server.children(recursive=True)])


@contextmanager
def _process(command: list[str], folder: Path, env: dict[str, str], log: Path) -> Iterator[psutil.Process]:
    with log.open("ab") as out:
        process = psutil.Popen(command, cwd=folder, env={**os.environ, **env}, stdout=out, stderr=out)
    try:
        yield process
    except psutil.NoSuchProcess as error:
        raise RuntimeError(f"a process ended; the log's end:\n{_end(log)}") from error
    finally:
        process.terminate()
        try:
            process.wait(20)
        except psutil.TimeoutExpired:
            process.kill()


def _wait(url: str, log: Path, said: bytes = b"") -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if said in answer.read().replace(b": ", b":"):
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer; the log's end:\n{_end(log)}")


def _end(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]
