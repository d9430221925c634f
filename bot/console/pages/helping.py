"""The manual for staff, served from the documents that come with the program."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from aiohttp import web
from markupsafe import Markup

from bot.channels.webchat.files import File, answer, file_of
from bot.console.manual import to_html
from bot.console.rendering import render
from bot.console.routes import Route
from bot.desk.accounts import EVERYONE
from bot.desk.typography import polish

DOCS = Path(__file__).parents[3] / "docs"
MANUAL = DOCS / "manual.zh-CN.md"


async def page(request: web.Request) -> web.Response:
    """Show the manual."""
    manual = to_html(polish(MANUAL.read_text(encoding="utf-8")))
    return render(request, "help.html", body=Markup(manual.body), headings=manual.headings)


async def picture(request: web.Request) -> web.Response:
    """Show one picture of the manual."""
    found = _pictures().get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound()
    return answer(request, found, {})


@lru_cache(maxsize=1)
def _pictures() -> dict[str, File]:
    folder = DOCS / "images" / "console"
    return {path.name: file_of("image/png", path.read_bytes()) for path in sorted(folder.glob("*.png"))}


ROUTES = (
    Route("GET", "/help", EVERYONE, page),
    Route("GET", "/help/images/{name}", EVERYONE, picture),
)
