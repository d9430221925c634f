"""The page behind a link: the rest of an answer, for whoever has the link. It holds no script."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from bot.channels.base import Desk
from bot.channels.official_account.links import Links
from bot.channels.official_account.options import Face, Faces

_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "rest.html").read_text("utf-8"))
_STYLE = (_HERE / "rest.css").read_text("utf-8")
_DIGEST = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex, nofollow",
}


def add_page(
    app: web.Application, path: str, links: Links, desk: Desk, face: Faces, clock: Callable[[], float]
) -> None:
    """Put the page on the public application."""

    async def show(request: web.Request) -> web.StreamResponse:
        known = links.read(request.match_info["token"], clock())
        told = await desk.told(*known) if known else []
        return web.Response(
            text=page(face(), told),
            status=200 if told else 404,
            content_type="text/html",
            charset="utf-8",
            headers=HEADERS,
        )

    app.router.add_get(f"{path}/rest/{{token}}", show)


def page(face: Face, told: Sequence[str]) -> str:
    """Give the page with these texts; without any, the page that says that there is nothing any more."""
    texts = face.texts
    paragraphs = [texts.say("page_note"), *told] if told else [texts.say("page_gone")]
    if face.notice:
        paragraphs.append(face.notice)
    return _PAGE.substitute(
        style=_STYLE,
        title=escape(texts.say("page_title", bureau=face.bureau.name)),
        body="\n".join(f"<p>{escape(text)}</p>" for text in paragraphs),
    )
