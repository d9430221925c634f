"""The supervisor with small programs in place of brain and gateway: start, restart, stop, and death."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import psutil
import pytest

from bot.commands.ports import free_port

ROOT = Path(__file__).parents[2]
PARTS = {
    # Answers /health; notes each start; ends as the file ``fate`` in the work directory says.
    "part": """
        import json, os, pathlib, sys, time
        from http.server import BaseHTTPRequestHandler, HTTPServer

        name, port = sys.argv[1], int(sys.argv[2])
        with open("starts", "a") as log:
            print(json.dumps({"name": name, "pid": os.getpid()}), file=log)
        if pathlib.Path(f"{name}.fate").exists():
            sys.exit(int(pathlib.Path(f"{name}.fate").read_text()))

        class Health(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                state = "starting" if pathlib.Path(f"{name}.starting").exists() else "ready"
                self.wfile.write(json.dumps({"state": state}).encode())

            def log_message(self, *_):
                pass

        HTTPServer(("127.0.0.1", port), Health).serve_forever()
        """,
    "trainer": """
        import sys
        print("trained", flush=True)
        sys.exit(int(sys.argv[1]))
        """,
    "supervise": """
        import asyncio, sys
        from bot.commands import supervisor
        from bot.commands.children import Program
        from bot.desk.errors import DeskError

        brain, gateway, train = sys.argv[1:]
        supervisor.LOOK, supervisor.HUNG = 0.2, 1.0
        plan = supervisor.Plan(
            Program("trainer", ("trainer", train)) if train else None,
            {f"http://127.0.0.1:{brain}": Program("brain", ("part", "brain", brain))},
            f"http://127.0.0.1:{gateway}",
            Program("gateway", ("part", "gateway", gateway)),
        )
        try:
            asyncio.run(supervisor.Supervisor(plan, lambda: print("welcome", flush=True)).run())
        except DeskError as error:
            sys.exit(error.for_reader)
        """,
}


class Running:
    """A supervisor in a folder of its own."""

    def __init__(self, folder: Path, train: str) -> None:
        self.folder = folder
        ports = [str(free_port("127.0.0.1")) for _ in range(2)]
        env = {**os.environ, "PYTHONPATH": f"{ROOT}:{folder}", "PYTHONUNBUFFERED": "1"}
        self.out = (folder / "out").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "supervise", *ports, train],
            cwd=folder,
            env=env,
            stdout=self.out,
            stderr=self.out,
        )

    def said(self) -> str:
        return (self.folder / "out").read_text("utf-8")

    def starts(self, name: str) -> list[int]:
        """Give the process ids that the part has had, in order."""
        path = self.folder / "starts"
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [line["pid"] for line in lines if line["name"] == name]

    def until(self, true: Callable[[], object], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Give a function that starts a supervisor; all are ended with the test."""
    started: list[Running] = []
    for name, text in PARTS.items():
        (tmp_path / f"{name}.py").write_text(dedent(text).lstrip())

    def start(train: str = "", **fates: str) -> Running:
        for name, fate in fates.items():
            (tmp_path / f"{name}.fate").write_text(fate)
        started.append(Running(tmp_path, train))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.out.close()


@contextmanager
def all_end(*pids: int) -> Iterator[None]:
    """Hold that the processes end within some seconds of what is done inside."""
    processes = [psutil.Process(pid) for pid in pids]
    yield
    _, alive = psutil.wait_procs(processes, timeout=15)
    assert not alive


def test_it_trains_starts_welcomes_and_stops_on_sigterm(running):
    one = running(train="0")
    one.until(lambda: "welcome" in one.said())
    assert one.said().index("trained") < one.said().index("welcome")
    with all_end(*one.starts("brain"), *one.starts("gateway")):
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(15) == 0


def test_a_training_that_fails_starts_nothing(running):
    one = running(train="3")
    assert one.process.wait(15) == 1
    assert "trainer没有成功（退出码 3）" in one.said()
    assert not one.starts("brain") + one.starts("gateway")


def test_a_part_that_cannot_start_ends_all_with_its_name(running):
    one = running(gateway="7")
    assert one.process.wait(20) == 1
    assert "gateway启动失败（退出码 7）" in one.said()
    assert not [pid for pid in one.starts("brain") if psutil.pid_exists(pid)]


def test_it_does_not_welcome_before_every_part_is_ready(running, tmp_path):
    (tmp_path / "brain.starting").touch()
    one = running()
    one.until(lambda: one.starts("brain") and one.starts("gateway"))
    time.sleep(1)
    assert "welcome" not in one.said()
    (tmp_path / "brain.starting").unlink()
    one.until(lambda: "welcome" in one.said())


@pytest.mark.parametrize("name", ["brain", "gateway"])
def test_a_part_that_is_killed_is_started_again(running, name):
    one = running()
    one.until(lambda: "welcome" in one.said())
    for lives in (1, 2):
        os.kill(one.starts(name)[-1], signal.SIGKILL)
        one.until(lambda lives=lives: len(one.starts(name)) == lives + 1)
    assert f"{name}意外退出（SIGKILL）" in one.said()
    assert one.process.poll() is None


def test_a_part_that_hangs_is_killed_and_started_again(running):
    one = running()
    one.until(lambda: "welcome" in one.said())
    os.kill(one.starts("brain")[0], signal.SIGSTOP)
    one.until(lambda: len(one.starts("brain")) == 2)
    assert "brain已有 1 秒没有响应" in one.said()


def test_the_pauses_before_a_restart_grow(running, tmp_path):
    one = running()
    one.until(lambda: "welcome" in one.said())
    (tmp_path / "brain.fate").write_text("1")
    os.kill(one.starts("brain")[-1], signal.SIGKILL)
    one.until(lambda: "0.8 秒后重新启动" in one.said())
    assert "0.2 秒后重新启动" in one.said()
    assert "0.4 秒后重新启动" in one.said()


def test_the_parts_die_with_a_supervisor_that_is_killed(running):
    one = running()
    one.until(lambda: "welcome" in one.said())
    with all_end(*one.starts("brain"), *one.starts("gateway")):
        one.process.kill()
