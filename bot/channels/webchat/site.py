"""The pages of the web chat and the headers that keep them safe."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import Any

from aiohttp import web

from bot.channels.webchat.files import File, answer, file_of, read_files
from bot.channels.webchat.options import Face
from bot.desk.typography import polish

CHARACTERS = 4000
STATIC = Path(__file__).parent / "static"
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


class Site:
    """Serves the page, the page in a frame, the page that shows how to embed it, and their files."""

    def __init__(self, face: Callable[[], Face], allowed_origins: tuple[str, ...]) -> None:
        self._face = face
        self._embedders = ("'self'", *allowed_origins)
        self._files = read_files(STATIC)
        self._page = Template((STATIC / "page.html").read_text(encoding="utf-8"))
        self._example = Template((STATIC / "embed.html").read_text(encoding="utf-8"))

    def add_routes(self, app: web.Application) -> None:
        """Put the addresses of the pages and files on the application."""
        app.router.add_get("/", self.page)
        app.router.add_get("/chat", self.page)
        app.router.add_get("/chat/", self.page)
        app.router.add_get("/chat/frame", self.frame)
        app.router.add_get("/chat/embed", self.example)
        app.router.add_get("/chat/widget.js", self.widget)
        app.router.add_get("/chat/static/{name}", self.file)

    async def page(self, request: web.Request) -> web.Response:
        """The chat as a page of its own; no one may put it in a frame."""
        return self._chat(request, framed=False)

    async def frame(self, request: web.Request) -> web.Response:
        """The chat inside another page."""
        return self._chat(request, framed=True)

    async def example(self, request: web.Request) -> web.Response:
        """How a site embeds the chat, with the chat embedded."""
        body = self._example.substitute(bureau=html.escape(self._face().bureau.name))
        headers = {**GUARDS, "Content-Security-Policy": policy(request.host, ("'none'",), frames=True)}
        return answer(request, file_of("text/html", body.encode()), headers)

    async def widget(self, request: web.Request) -> web.Response:
        """The script that another site includes."""
        return self._static(request, "widget.js", {"Cross-Origin-Resource-Policy": "cross-origin"})

    async def file(self, request: web.Request) -> web.Response:
        """One static file."""
        return self._static(request, request.match_info["name"], {})

    def _static(self, request: web.Request, name: str, more: Mapping[str, str]) -> web.Response:
        file = self._files.get(name)
        if file is None:
            raise web.HTTPNotFound(headers=GUARDS)
        return answer(request, file, {**GUARDS, **more})

    def _chat(self, request: web.Request, framed: bool) -> web.Response:
        embedders = self._embedders if framed else ("'none'",)
        headers = {**GUARDS, "Content-Security-Policy": policy(request.host, embedders)}
        root = "" if request.path.startswith("/chat/") else "chat/"
        return answer(request, self._rendered(framed, root), headers)

    def _rendered(self, framed: bool, root: str) -> File:
        face = self._face()
        body = self._page.substitute(
            bureau=html.escape(face.bureau.name),
            title=html.escape(face.texts.title),
            notice=html.escape(polish(face.notice or "")),
            notice_hidden="" if face.notice else "hidden",
            kind="framed" if framed else "whole",
            root=root,
            config=html.escape(json.dumps(config(face), ensure_ascii=False)),
        )
        return file_of("text/html", body.encode())


def config(face: Face) -> dict[str, Any]:
    """Give what the page is to show, as it stands in the page for the script to read."""
    bureau, texts = face.bureau, face.texts

    def named(text: str) -> str:
        return text.replace("{bureau}", bureau.name)

    return {
        "bureau": {
            "name": bureau.name,
            "phone": bureau.phone,
            "address": bureau.address,
            "hours": bureau.hours,
            "website": bureau.website,
        },
        "title": texts.title,
        "assistant": texts.assistant,
        "staff": texts.staff,
        "welcome": [named(text) for text in texts.welcome],
        "examples": list(texts.examples),
        "topics": [{"title": t.title, "questions": list(t.questions)} for t in texts.topics],
        "privacy": named(texts.privacy),
        "person": {"title": texts.person.title, "payload": texts.person.payload},
        "characters": CHARACTERS,
    }


def policy(host: str, embedders: tuple[str, ...], frames: bool = False) -> str:
    """Give the content security policy of a page: nothing inline, nothing from elsewhere.

    ``'self'`` does not cover WebSockets in Safari before 15.4, so the own host is named for them.
    """
    lines = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    rules = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        f"connect-src 'self'{lines}",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {' '.join(embedders)}",
    ]
    return "; ".join(rules + (["frame-src 'self'"] if frames else []))
