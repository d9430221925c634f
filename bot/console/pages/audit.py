"""The audit log, for auditors to read. Nothing here changes anything."""

from __future__ import annotations

import json
from functools import partial

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.rendering import render
from bot.console.routes import Route
from bot.console.services import services
from bot.desk.accounts import AUDITING
from bot.desk.audit import Row
from bot.storage import audit_log

ROWS = 100


async def page(request: web.Request) -> web.Response:
    """Show the newest rows, or those below a number."""
    known = services(request)
    before = request.query.get("before", "")
    filters = {name: request.query.get(name, "").strip() for name in ("actor", "action", "subject")}
    read = partial(audit_log.page, before=_number(before), most=ROWS + 1, filters=filters)

    def work(connection: Connection) -> tuple[list[Row], tuple[int, str], list[str]]:
        return read(connection), audit_log.head_of(connection), audit_log.actions(connection)

    rows, head, actions = await known.database.read(work)
    more = rows[ROWS - 1].number if len(rows) > ROWS else None
    shown = [(row, json.loads(row.detail)) for row in rows[:ROWS]]
    return render(request, "audit.html", rows=shown, head=head, actions=actions, filters=filters, more=more)


async def check(request: web.Request) -> web.Response:
    """Verify the whole chain now."""
    known = services(request)
    broken = await known.database.read(lambda c: audit_log.verify(c, known.secret.digest))
    head = await known.database.read(audit_log.head_of)
    return render(request, "audit_check.html", broken=broken, head=head)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


ROUTES = (
    Route("GET", "/audit", AUDITING, page),
    Route("GET", "/audit/check", AUDITING, check),
)
