"""A picture that an enquirer has sent, for whoever works on the handoff."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.pages.handoff import NUMBER, see
from bot.console.routes import Route
from bot.console.services import account_of, services
from bot.desk.staff import WORKING
from bot.storage import pictures
from bot.storage.pictures import Picture
from bot.storage.transcripts import ENQUIRER

# It is what somebody unknown has sent: nothing in it may run or fetch, whatever a browser takes it for.
HEADERS = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}


async def picture(request: web.Request) -> web.StreamResponse:
    """Show the picture; that it was seen is written down."""
    known, account = services(request), account_of(request)
    number, line = request.match_info["number"], int(request.match_info["line"])

    def do(connection: Connection) -> Picture:
        seen = see(connection, number, account).dossier
        shown = {said.line.id for said in seen.transcript if said.line.author == ENQUIRER}
        found = pictures.get(connection, seen.handoff.conversation, line) if line in shown else None
        if found is None:
            raise web.HTTPNotFound()
        known.log(connection, account, "picture_seen", number, line=line)
        return found

    found = await known.database.write(do)
    return web.Response(body=found.content, content_type=found.kind, headers=HEADERS)


ROUTES = (Route("GET", f"{NUMBER}/pictures/{{line:[0-9]{{1,15}}}}", WORKING, picture),)
