"""The brain as a process: it starts, says how far it is, stops when told, and names what is wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def start(
    listen: str, model: Path, folder: Path, actions: str = "small_desk_actions"
) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "bot.brain",
        "--listen",
        listen,
        "--model",
        str(model),
        "--actions",
        actions,
    ]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{folder}"}
    return subprocess.Popen(command, cwd=folder, env=env, text=True, stderr=subprocess.PIPE)


async def wait_until_ready(session: aiohttp.ClientSession, seconds: float = 60) -> list[str]:
    """Give the states that were seen on the way."""
    seen: list[str] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            async with session.get("http://brain/health") as answer:
                seen.append((await answer.json())["state"])
        except aiohttp.ClientError:
            pass
        if seen and seen[-1] == "ready":
            return seen
        await asyncio.sleep(0.1)
    raise TimeoutError(seen)


async def test_it_serves_a_unix_socket_and_stops_on_sigterm(project, tmp_path):
    path = tmp_path / "brain.sock"
    process = start(f"unix://{path}", project.model, project.folder)
    try:
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as session:
            assert "starting" in await wait_until_ready(session)
            turn = {"conversation": "c", "channel": "t", "message_id": "m", "text": "/restart", "sent_at": 1}
            async with session.post("http://brain/turns", json=turn) as answer:
                assert (await answer.json())["replies"][0]["text"].startswith("ask|/restart|")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert "材料" not in process.stderr.read()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("content", [None, b"", b"not a model"])
def test_a_model_that_cannot_be_read_is_named(project, tmp_path, content):
    model = tmp_path / "none.tar.gz"
    if content is not None:
        model.write_bytes(content)
    process = start(f"unix://{tmp_path}/brain.sock", model, project.folder)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert f"无法读取模型文件 {model}" in errors
    assert "Traceback" not in errors


def test_a_port_in_use_is_named(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(f"http://127.0.0.1:{port}", project.model, project.folder)
        errors = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert str(port) in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    "listen", ["http://0.0.0.0:5105", "http://192.0.2.1:80", "https://127.0.0.1:1", "unix:"]
)
def test_it_listens_to_this_machine_only(listen, tmp_path):
    process = start(listen, tmp_path / "m", tmp_path)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "loopback" in errors
