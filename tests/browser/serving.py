"""The server that the browser tests run against: a scripted one, or the whole product."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

SCRIPTED = (
    "{python} -m tests.channels.webchat.scripted --port {port} --journal {var}/journal.jsonl --origin {site}"
)
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """A command that serves the web chat; it may be killed and started again with the same books.

    ``WEBCHAT_COMMAND`` names another command than the scripted server, such as ``make run``. In it {python},
    {port}, {var} and {site} are filled in; the same are given as BOT_PORT, BOT_VAR and BOT_ALLOWED_ORIGINS.
    """

    def __init__(self, var: Path) -> None:
        command = os.environ.get("WEBCHAT_COMMAND")
        self.scripted = command is None
        self.port = free_port()
        self.site_port = free_port()
        self.patience = 8.0 if self.scripted else 30.0
        site = f"http://127.0.0.1:{self.site_port}"
        given = {"python": sys.executable, "port": self.port, "var": var, "site": site}
        self._command = shlex.split((command or SCRIPTED).format(**given))
        self._environment = {
            **os.environ,
            "BOT_PORT": str(self.port),
            "BOT_BRAIN_PORT": str(free_port()),
            "BOT_CONSOLE_PORT": "0",
            "BOT_VAR": str(var),
            "BOT_ALLOWED_ORIGINS": site,
            "BOT_ALLOW_SAMPLES": "1",
        }
        self._log = var / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, within: float = 300) -> None:
        """Start and wait until the page is served."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + within
        while not self._serves():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"the server does not serve: {self._log.read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End the server and its children with no chance to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server as an operator does."""
        self._end(signal.SIGTERM)

    def staff(self, text: str) -> None:
        """Let staff write to whoever asked last. Only the scripted server can."""
        body = json.dumps({"text": text}).encode()
        request = Request(f"{self.url}/script/staff", body, {"Content-Type": "application/json"})
        urlopen(request, timeout=10).close()

    def _serves(self) -> bool:
        try:
            with urlopen(f"{self.url}/chat", timeout=2) as response:
                return bool(response.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, how)
        except ProcessLookupError:
            pass  # it went by itself
        self._process.wait(30)
        self._process = None
