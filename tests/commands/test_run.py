"""``run``, ``ask`` and ``status`` with the real desk: gateway, brain and the project's own catalogue."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.brain.model_files import PROJECT
from bot.commands.ports import free_port
from tests.support.busy import allowed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SECOND_START = 15.0  # seconds, as promised for a start with a trained model
Environment = dict[str, str]


@pytest.fixture
def environment(trained_model: Path, tmp_path: Path) -> Environment:
    """Give the settings of a desk of the test's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {
        **kept,
        "BOT_VAR": str(tmp_path / "var"),
        "BOT_MODELS": str(trained_model.parent),
        "BOT_PORT": str(free_port("127.0.0.1")),
        "BOT_BRAIN_PORT": str(free_port("127.0.0.1")),
        "BOT_CONSOLE_PORT": str(free_port("127.0.0.1")),
        "BOT_ALLOW_SAMPLES": "1",
        "BOT_REST_LOOPBACK": "1",
        "PYTHONUNBUFFERED": "1",
    }


def bot(environment: Environment, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def running(environment: Environment, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start the desk, wait until it says that it is ready; give the process and what it prints."""
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "bot", "run"]
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=out)
    try:
        end = time.monotonic() + 60
        while "已就绪" not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < end, log.read_text("utf-8")
            time.sleep(0.05)
        yield process, log
    finally:
        process.kill()
        process.wait()


def test_the_desk_starts_answers_and_stops(environment, running):
    process, log = running
    printed = log.read_text("utf-8")
    seconds = float(printed.partition("已就绪，用时 ")[2].partition(" 秒")[0])
    assert "训练" in printed or seconds < allowed(SECOND_START)  # training only if a file was just changed
    assert f"http://127.0.0.1:{environment['BOT_PORT']}/" in printed
    assert "仅作演示" in printed

    asked = bot(environment, "ask", "技改备案要啥材料")
    assert (asked.returncode, "申报材料" in asked.stdout) == (0, True)
    assert "条目：s01" in asked.stderr
    assert "在本进程内" not in asked.stderr

    status = bot(environment, "status")
    assert status.returncode == 0
    assert status.stdout.count("正常") == 3

    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert "已停止" in log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")
    assert bot(environment, "status").returncode == 1


def test_without_a_desk_a_question_is_answered_in_process(environment):
    asked = bot(environment, "ask", "技改备案要啥材料")
    assert asked.returncode == 0
    assert "申报材料" in asked.stdout
    assert "在本进程内" in asked.stderr


def test_without_a_model_a_question_says_what_to_do(environment, tmp_path):
    asked = bot({**environment, "BOT_MODELS": str(tmp_path)}, "ask", "您好")
    assert asked.returncode == 1
    assert "python -m bot train" in asked.stderr


def test_an_empty_question_is_refused(environment):
    asked = bot(environment, "ask", " ")
    assert (asked.returncode, "问题是空的" in asked.stderr) == (1, True)


@pytest.mark.parametrize("variable", ["BOT_PORT", "BOT_BRAIN_PORT", "BOT_CONSOLE_PORT"])
def test_a_port_in_use_is_named_with_the_setting_that_changes_it(environment, variable):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = bot({**environment, variable: port}, "run")
    assert done.returncode == 1
    assert port in done.stderr
    assert variable in done.stderr


def test_samples_are_refused_where_they_are_not_allowed(environment):
    done = bot({**environment, "BOT_ALLOW_SAMPLES": "0"}, "run")
    assert done.returncode == 1
    assert "未经本单位审核" in done.stderr
    assert "BOT_ALLOW_SAMPLES=1" in done.stderr


def test_a_bad_catalogue_is_refused_with_file_and_field(environment, tmp_path):
    shutil.copytree(PROJECT / "data", tmp_path / "data")
    entry = next((tmp_path / "data/catalogue/services").glob("*.yml"))
    entry.write_text(entry.read_text("utf-8").replace("\nname:", "\nnmae:", 1), "utf-8")
    for command in ("run", "validate"):
        done = bot({**environment, "BOT_DATA": str(tmp_path / "data")}, command)
        assert done.returncode == 1
        assert entry.name in done.stderr
        assert "name" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_catalogue_that_comes_with_the_code_is_valid(environment):
    done = bot(environment, "validate")
    assert done.returncode == 0, done.stderr
    assert "资料检查通过" in done.stdout
