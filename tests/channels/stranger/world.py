"""The gateway as its users run it, between a brain and a platform's API that belong to a stranger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.channels.stranger.wire import APP_ID, APP_SECRET, KEY, TOKEN, Wire
from tests.support.busy import allowed

Answer = tuple[int, Any]


class Server(ThreadingHTTPServer):
    """A server in threads; ``answer`` gets method, path, query and body, and gives status and JSON."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, answer: Callable[[str, str, dict[str, str], bytes], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Answer."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer."""
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, value = self.server.answer(method, parts.path, query, body)
        if value is None:
            self.close_connection = True
            self.connection.close()
            return
        raw = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=True).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


class Brain:
    """A brain that says what it was asked; ``says`` has other answers for some texts, ``sleeps`` pauses."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.says: dict[str, Any] = {}
        self.sleeps: dict[str, float] = {}
        self.server = Server(self._answer)

    def turns(self, text: str) -> int:
        """Give how often a text was asked."""
        return sum(turn["text"] == text for turn in self.asked)

    def _answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Answer:
        if path == "/health":
            return 200, {"state": "ready"}
        turn = json.loads(body)
        self.asked.append(turn)
        time.sleep(self.sleeps.get(turn["text"], 0.0))
        said = self.says.get(turn["text"], f"回{turn['text']}。")
        replies = [{"text": said}] if isinstance(said, str) else said
        return 200, {"outcome": "answered", "replies": replies, "entries": ["s01"], "confidence": 0.9}


HANG_UP, PAGE = "hang up", "page"


@dataclass
class Api:
    """A platform's API. ``scripts`` holds, for each user, what the next sends to them are answered with."""

    scripts: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    shown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sends: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    holds: set[str] = field(default_factory=set)
    token_says: deque[int] = field(default_factory=deque)
    token_takes: float = 0.0
    media: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.server = Server(self._answer)

    def expire(self) -> None:
        """Take no token any more that there is."""
        self.holds.clear()

    def _answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Answer:
        if path in ("/cgi-bin/stable_token", "/cgi-bin/token"):
            return self._token(path, query, body)
        if query.get("access_token") not in self.holds:
            return 200, {"errcode": 42001, "errmsg": "access_token expired rid: 66"}
        if path == "/cgi-bin/media/get":
            return self.media.get(query["media_id"], (200, {"errcode": 40007, "errmsg": "invalid media_id"}))
        if b"\\u" in body:
            self.faults.append("escapes")
        said = json.loads(body)
        self.calls.append((path, said))
        if path != "/cgi-bin/message/custom/send":
            return 200, {"errcode": 0, "errmsg": "ok"}
        return self._send(said)

    def _token(self, path: str, query: dict[str, str], body: bytes) -> Answer:
        named = json.loads(body) if path.endswith("stable_token") else query
        time.sleep(self.token_takes)
        with self._lock:
            if self.token_says:
                return 200, {"errcode": self.token_says.popleft(), "errmsg": "rid: 7"}
            if (named["appid"], named["secret"], named["grant_type"]) != (
                APP_ID,
                APP_SECRET,
                "client_credential",
            ):
                return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
            self.tokens.append(path)
            stable = path.endswith("stable_token") and not named["force_refresh"]
            if not (stable and self.holds):
                self.holds = {f"tokenOfThePlatform{len(self.tokens):04}" + "x" * 490}
            return 200, {"access_token": next(iter(self.holds)), "expires_in": 7200}

    def _send(self, said: dict[str, Any]) -> Answer:
        user = said["touser"]
        with self._lock:
            self.sends[user].append(time.monotonic())
            say = self.scripts[user].popleft() if self.scripts[user] else 0
            text = said["text"]["content"] if said["msgtype"] == "text" else said["msgmenu"]["head_content"]
            if say == 0 and not 0 < len(text.encode()) <= 2048:
                say = 45002
            if say == 0:
                self.shown[user].append(text)
        if say == HANG_UP:
            return 0, None
        if say == PAGE:
            return 502, b"<html>Bad Gateway</html>"
        return 200, {"errcode": say, "errmsg": "ok rid: 66"}


@dataclass
class World:
    """One gateway with all around it."""

    mode: str
    port: int
    brain: Brain
    api: Api
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def wire(self) -> Wire:
        """The platform's line to the gateway."""
        return Wire(self.mode, self.port)

    @property
    def log(self) -> str:
        """What the gateways have logged."""
        return (self.folder / "gateway.log").read_text("utf-8", "replace")

    def shown(self, user: str, passive: list[str] | None = None) -> list[str]:
        """Give what a user was shown: passive replies first, then what the API delivered."""
        return [*(passive or []), *self.api.shown[user]]

    def health(self) -> dict[str, Any]:
        """Ask how the gateway is."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
            return dict(json.load(answer))


def settings(mode: str, folder: Path, port: int, brain: str, api: str, **more: str) -> dict[str, str]:
    """Give what the README tells to set for a mode."""
    name = "YIXIN" if mode == "yixin" else "WECHAT"
    named = {"TOKEN": TOKEN, "APP_ID": APP_ID, "APP_SECRET": APP_SECRET, "API": api}
    if mode != "yixin":
        named |= {"MODE": mode, "AES_KEY": KEY}
    return {
        "BOT_CHANNELS": name.lower(),
        **{f"BOT_{name}_{key}": value for key, value in named.items()},
        "BOT_BRAINS": brain,
        "BOT_HOST": "127.0.0.1",
        "BOT_PORT": str(port),
        "BOT_VAR": str(folder / "var"),
        "BOT_ALLOW_SAMPLES": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
        **more,
    }


def start(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a gateway; its settings are these and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "DATABASE_"))}
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.gateway"], env={**kept, **environment}, stdout=out, stderr=out
        )


def wait_for(true: Callable[[], bool], seconds: float = 10.0, what: str = "it did not come to that") -> None:
    """Wait until something is so."""
    end = time.monotonic() + allowed(seconds)
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.03)


def free_port() -> int:
    """Give a port that nobody listens on."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def world(mode: str, folder: Path, **more: str) -> Iterator[World]:
    """Run a gateway in a mode."""
    brain, api, port = Brain(), Api(), free_port()
    made = World(mode, port, brain, api, folder)
    environment = settings(mode, folder, port, brain.server.url, api.server.url, **more)
    made.processes.append(start(environment, folder / "gateway.log"))
    try:
        wait_for(lambda: _answers(made), 60, "the gateway did not start")
        yield made
    finally:
        for process in made.processes:
            process.terminate()
            process.wait(20)
        brain.server.shutdown()
        api.server.shutdown()
        brain.server.server_close()
        api.server.server_close()


def _answers(made: World) -> bool:
    try:
        return bool(made.health())
    except OSError:
        if made.processes[0].poll() is not None:
            raise AssertionError(made.log[-3000:]) from None
        return False
