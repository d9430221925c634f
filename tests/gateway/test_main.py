"""Tests of ``python -m bot.gateway`` as a process: starting, refusing to start, and stopping."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "DATABASE_"))}
    brains = f"http://127.0.0.1:{unused_port()}"
    ours = {"BOT_VAR": str(tmp_path / "var"), "BOT_ALLOW_SAMPLES": "1", "BOT_BRAINS": brains}
    return {**kept, **ours, "BOT_PORT": str(unused_port()), "BOT_CHANNELS": "rest,webchat"}


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bot.gateway"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def refused(environment: dict[str, str]) -> tuple[int, str]:
    process = start(environment)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def wait_for(port: str) -> None:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
                assert response.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the gateway did not start")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    return folder


def test_it_starts_answers_and_stops_when_told(environment: dict[str, str]) -> None:
    process = start(environment)
    wait_for(environment["BOT_PORT"])
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "网关已启动" in errors


def test_a_port_in_use_is_said_and_has_its_own_exit_code(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, errors = refused({**environment, "BOT_PORT": port})
    assert code == 3
    assert port in errors
    assert "已被占用" in errors
    assert "Traceback" not in errors


def test_wrong_settings_are_said(environment: dict[str, str]) -> None:
    code, errors = refused({**environment, "BOT_PORT": "abc", "BOT_BRAIN_BUDGET": "soon"})
    assert code == 2
    assert "BOT_PORT" in errors
    assert "BOT_BRAIN_BUDGET" in errors
    assert refused({**environment, "BOT_CHANNELS": "rest,telex"})[0] == 2


def test_samples_are_refused_unless_they_are_allowed(environment: dict[str, str], data: Path) -> None:
    code, errors = refused({**environment, "BOT_DATA": str(data), "BOT_ALLOW_SAMPLES": "0"})
    assert code == 5
    assert "未经本单位审核" in errors
    assert "BOT_ALLOW_SAMPLES=1" in errors


def test_a_database_that_cannot_be_had_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    nowhere = f"postgresql://desk:hunter2@127.0.0.1:{unused_port()}/desk"
    code, errors = refused({**environment, "DATABASE_URL": nowhere})
    assert code == 4
    assert "数据库" in errors
    assert "hunter2" not in errors
    (tmp_path / "file").write_text("no folder")
    code, errors = refused({**environment, "DATABASE_URL": f"sqlite:///{tmp_path}/file/desk.db"})
    assert code == 4


def test_the_secret_of_another_deployment_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    process = start(environment)
    wait_for(environment["BOT_PORT"])
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=15)
    code, errors = refused({**environment, "BOT_SECRET": "another secret of another deployment"})
    assert code == 2
    assert "BOT_SECRET" in errors


def test_a_bad_text_file_is_said_at_the_start(environment: dict[str, str], data: Path) -> None:
    (data / "responses" / "webchat.yml").write_text("title: [", encoding="utf-8")
    code, errors = refused({**environment, "BOT_DATA": str(data)})
    assert code == 5
    assert "webchat.yml" in errors
