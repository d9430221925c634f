"""The whole desk as ``make run`` starts it, in processes of its own, on free ports, with its own database."""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.brain.model_files import PROJECT
from bot.commands.ports import free_port

START = 240.0  # seconds


@dataclass(frozen=True)
class DeskProcess:
    """A desk that runs: where its public side is, and the processes that a turn goes through."""

    url: str
    processes: list[psutil.Process]

    def cpu(self) -> float:
        """Give the processor seconds that gateway and brain have used so far, to the microsecond."""
        return sum(_on_cpu(process.pid) for process in self.processes)


@contextmanager
def running_desk(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[DeskProcess]:
    """Run gateway and one brain; their database and log lie in ``folder``."""
    port, brain_port = free_port("127.0.0.1"), free_port("127.0.0.1")
    env = {
        "BOT_VAR": str(folder / "var"),
        "BOT_PORT": str(port),
        "BOT_BRAIN_PORT": str(brain_port),
        "BOT_CONSOLE_PORT": "0",
    }
    env |= {"BOT_ALLOW_SAMPLES": "1", "BOT_REST_LOOPBACK": "1", "BOT_LOG_LEVEL": "WARNING"}
    env["BOT_CONSOLE_PORT"] = "0"
    log = folder / "desk.log"
    with process([sys.executable, "-m", "bot", "run"], PROJECT, {**env, **(environment or {})}, log) as desk:
        wait_for(f"http://127.0.0.1:{brain_port}/health", log, b'"ready"')
        wait_for(f"http://127.0.0.1:{port}/health", log)
        yield DeskProcess(f"http://127.0.0.1:{port}", _workers(desk))


@contextmanager
def process(command: list[str], folder: Path, env: Mapping[str, str], log: Path) -> Iterator[psutil.Process]:
    """Run a program while the block lasts; what it prints goes to ``log``."""
    with log.open("ab") as out:
        started = psutil.Popen(command, cwd=folder, env={**os.environ, **env}, stdout=out, stderr=out)
    try:
        yield started
    except psutil.NoSuchProcess as error:
        raise RuntimeError(f"a process ended; the log's end:\n{end_of(log)}") from error
    finally:
        started.terminate()
        try:
            started.wait(20)
        except psutil.TimeoutExpired:
            started.kill()


def wait_for(url: str, log: Path, said: bytes = b"") -> None:
    """Wait until the address answers, and says so."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if said in answer.read().replace(b": ", b":"):
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer; the log's end:\n{end_of(log)}")


def _workers(desk: psutil.Process) -> list[psutil.Process]:
    return [c for c in desk.children(recursive=True) if {"bot.gateway", "bot.brain"} & set(c.cmdline())]


def end_of(log: Path) -> str:
    """Give the last lines of a log."""
    return log.read_text("utf-8", "replace")[-2000:]


def _on_cpu(pid: int) -> float:
    """Give the seconds that the threads of a process have run, as ``schedstat`` counts them."""
    return sum(map(_ran, Path(f"/proc/{pid}/task").glob("*/schedstat"))) / 1e9


def _ran(schedstat: Path) -> int:
    try:
        return int(schedstat.read_text("ascii").split()[0])
    except OSError:
        return 0  # the thread ended in between
