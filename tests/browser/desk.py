"""The whole desk for the browser tests: gateway, brain and console as `make run` starts them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bot.brain.model_files import PROJECT
from bot.commands.ports import free_port
from tests.support.busy import allowed

HERE = "127.0.0.1"
START = 60.0


class Desk:
    """A desk in processes of its own. ``kill`` ends every one of them with no chance to say goodbye."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.data = folder / "data"
        shutil.copytree(PROJECT / "data", self.data)
        ports = [free_port(HERE) for _ in range(3)]
        self.chat, brain, self.console = (f"http://{HERE}:{port}" for port in ports)
        self._doors = (f"{self.chat}/chat", f"{brain}/health", f"{self.console}/health")
        self._log = folder / "desk.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        self.environment = {
            **kept,
            "BOT_DATA": str(self.data),
            "BOT_VAR": str(folder / "var"),
            "BOT_MODELS": str(models),
            "BOT_PORT": str(ports[0]),
            "BOT_BRAIN_PORT": str(ports[1]),
            "BOT_CONSOLE_PORT": str(ports[2]),
            "BOT_ALLOW_SAMPLES": "1",
            "BOT_BRAIN_BUDGET": "30",  # seconds; what is late on a busy machine is not what is tried here
            "BOT_LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }
        self.environment.pop("DATABASE_URL", None)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until everything answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.wait()

    def kill(self) -> None:
        """Kill the supervisor; the kernel kills its children with it."""
        self._end(signal.SIGKILL)
        _until(lambda: not _serves(f"{self.chat}/chat") and not _serves(f"{self.console}/health"))

    def kill_part(self, module: str) -> None:
        """Kill one process, such as ``bot.gateway``; the supervisor starts it again."""
        os.kill(self._part(module), signal.SIGKILL)

    def killed_and_back(self, module: str) -> None:
        """Kill one process and wait until another has taken its place and everything answers."""
        old = self._part(module)
        os.kill(old, signal.SIGKILL)
        _until(lambda: self._part(module, 0) not in (0, old))
        self.wait()

    def wait(self) -> None:
        """Wait until everything answers."""
        _until(lambda: self._lives() and all(_serves(url) for url in self._doors), START)

    def _part(self, module: str, otherwise: int | None = None) -> int:
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for child in children:
            with suppress(OSError):
                if module.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                    return int(child)
        assert otherwise is not None, f"{module} does not run: {self.log()}"
        return otherwise

    def _lives(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log()
        return True

    def stop(self) -> None:
        """End it as an operator does."""
        self._end(signal.SIGTERM)

    def run(self, *arguments: str) -> str:
        """Run one of our commands, and give what it prints."""
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def one_time_password(self, login: str, role: str, post: str) -> str:
        """Make the first account as an operator does, and give the password that is printed."""
        printed = self.run("staff", "add", login, "--role", role, "--post", post)
        found = re.search(r"[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){3}", printed)
        assert found, printed
        return found[0]

    def log(self) -> str:
        """Give the end of what was logged."""
        return self._log.read_text("utf-8")[-3000:]

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None


def _until(so: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + allowed(seconds)
    while not so():
        assert time.monotonic() < end, f"not so within {seconds:.0f} s"
        time.sleep(0.05)


def _serves(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:
            # A brain answers before its model is loaded, and says so.
            return bool(response.status == 200) and b'"starting"' not in response.read()
    except (URLError, ConnectionError, TimeoutError):
        return False
