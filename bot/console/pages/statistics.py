"""Statistics: tables with their pictures, and files that are made of them; each stands in the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.forms import read_form
from bot.console.rendering import render
from bot.console.routes import Route
from bot.console.services import Services, account_of, services
from bot.desk.accounts import AUDITING
from bot.desk.enquiries import local_day
from bot.desk.errors import DeskError
from bot.desk.staff import WORKING, Role
from bot.desk.statistics import POPULATIONS, Definition, Figures, Scope
from bot.reports.book import Book, write_book
from bot.reports.charts import svg
from bot.reports.labels import load_labels
from bot.reports.monthly import Month, load_monthly, write_monthly
from bot.reports.statistics import explained, figures_of, has_total, table_of
from bot.reports.tables import write_csv
from bot.storage.calendar_files import load_calendar
from bot.storage.statistic_files import load_statistics

T = TypeVar("T")
READERS = WORKING | AUDITING
SEE_ALL = AUDITING | {Role.OFFICE}
MOST_DAYS = 3660
# A picture is a document of its own to the browser; it holds no script, and its lines are styled in place.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


async def index(request: web.Request) -> web.Response:
    """List the statistics."""
    known = services(request)
    definitions = await asyncio.to_thread(load_statistics, known.data)
    scope = scope_of(request, request.query)
    month = (scope.today.replace(day=1) - timedelta(1)).strftime("%Y-%m")
    return render(
        request,
        "statistics.html",
        definitions=sorted(definitions.values(), key=lambda d: list(POPULATIONS).index(d.of)),
        scope=scope,
        month=month,
        see_all=_sees_all(request),
    )


async def page(request: web.Request) -> web.Response:
    """Show one statistic: its table, its picture, what it counts."""
    definition, book = await _chosen(request)
    figures = await _counted(services(request), definition, book.scope)
    table = table_of(definition, figures, book.labels, book.catalogue)
    return render(
        request,
        "statistic.html",
        definition=definition,
        scope=book.scope,
        columns=table.columns,
        lines=list(table.lines),
        total=has_total(definition),
        explained=explained(definition, book.labels),
        see_all=_sees_all(request),
        drawn=definition.chart is not None and bool(figures.lines),
    )


async def picture(request: web.Request) -> web.Response:
    """Give the picture of a statistic."""
    definition, book = await _chosen(request)
    figures = await _counted(services(request), definition, book.scope)
    drawn = await asyncio.to_thread(svg, definition, figures, book.labels, book.catalogue)
    if drawn is None:
        raise web.HTTPNotFound()
    headers = {"Content-Security-Policy": PICTURE_POLICY}
    return web.Response(text=drawn, content_type="image/svg+xml", charset="utf-8", headers=headers)


async def export(request: web.Request) -> web.StreamResponse:
    """Give one statistic as CSV, or one or all as a workbook, and note it in the audit log."""
    form, known = await read_form(request), services(request)
    definitions = await asyncio.to_thread(load_statistics, known.data)
    wanted = [_named(definitions, form["id"])] if form.get("id") else list(definitions.values())
    kind = form.get("format", "xlsx")
    if kind not in ("csv", "xlsx") or (kind == "csv" and len(wanted) != 1):
        raise web.HTTPBadRequest()
    book = _book(known, scope_of(request, form))

    def write(path: Path, connection: Connection) -> None:
        if kind == "xlsx":
            write_book(path, connection, wanted, book)
            return
        figures = figures_of(connection, wanted[0], book.scope)
        write_csv(path, table_of(wanted[0], figures, book.labels, book.catalogue))

    title = wanted[0].title if len(wanted) == 1 else known.words("menu", "/statistics")
    name = f"{title} {book.scope.first}—{book.scope.last}.{kind}"
    return await send_file(request, kind, name, write, form.get("id") or "*", scope=book.scope)


async def monthly(request: web.Request) -> web.StreamResponse:
    """Give the report of a month as a document, and note it in the audit log."""
    form, known = await read_form(request), services(request)
    first = _day(f"{form.get('month', '')}-01")
    if first is None:
        raise DeskError("no month", known.words("errors", "month_form"))
    month = Month(first.year, first.month)
    definitions = await asyncio.to_thread(load_statistics, known.data)
    words = await asyncio.to_thread(load_monthly, known.data)
    book = _book(known, replace(scope_of(request, {}), first=first, last=month.days[1]))

    def write(path: Path, connection: Connection) -> None:
        write_monthly(path, connection, month, definitions, book, words)

    name = f"{known.words('reports', 'monthly')} {month}.docx"
    return await send_file(request, "docx", name, write, f"monthly {month}", scope=book.scope)


async def send_file(
    request: web.Request,
    kind: str,
    name: str,
    write: Callable[[Path, Connection], None],
    subject: str,
    scope: Scope | None = None,
) -> web.StreamResponse:
    """Make a file, log that it was made, send it and delete it."""
    known, account = services(request), account_of(request)
    folder = known.settings.var / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, suffix=f".{kind}", delete=False) as made:
        path = Path(made.name)
    try:
        await asyncio.to_thread(_with_connection, known, lambda c: write(path, c))
        told = {"first": scope.first, "last": scope.last, "section": scope.section or ""} if scope else {}
        detail = {"format": kind, **{key: str(value) for key, value in told.items()}}
        await known.database.write(lambda c: known.log(c, account, "exported", subject, **detail))
        disposition = f"attachment; filename*=UTF-8''{_quoted(name)}"
        response = web.StreamResponse(
            headers={"Content-Disposition": disposition, "Content-Type": TYPES[kind]}
        )
        response.content_length = path.stat().st_size
        with path.open("rb") as file:
            # Gone from the disk before a byte is sent: whoever has the whole file leaves nothing here.
            path.unlink()
            await response.prepare(request)
            while part := await asyncio.to_thread(file.read, 1 << 16):
                await response.write(part)
        await response.write_eof()
        return response
    finally:
        path.unlink(missing_ok=True)


def scope_of(request: web.Request, fields: Mapping[str, str]) -> Scope:
    """Give the days that were asked for, this year without, and the section that the account may see.

    Who sees all may narrow down to a section. Raises ``DeskError``.
    """
    known, account = services(request), account_of(request)
    today = local_day(known.clock())
    last = _day(fields.get("last", "")) or today
    first = _day(fields.get("first", "")) or date(last.year, 1, 1)
    if first > last or (last - first).days > MOST_DAYS:
        raise DeskError("the days are wrong", known.words("errors", "days_wrong"))
    calendar = load_calendar(known.data)
    if account.role not in SEE_ALL:
        return Scope(first, last, today, account.section or "", calendar)
    section = fields.get("section", "")
    section_id = section if section in known.catalogue().bureau.sections else None
    return Scope(first, last, today, section_id, calendar)


def _sees_all(request: web.Request) -> bool:
    return account_of(request).role in SEE_ALL


async def _chosen(request: web.Request) -> tuple[Definition, Book]:
    known = services(request)
    definitions = await asyncio.to_thread(load_statistics, known.data)
    definition = _named(definitions, request.match_info["id"])
    return definition, _book(known, scope_of(request, request.query))


def _named(definitions: Mapping[str, Definition], name: str) -> Definition:
    if name not in definitions:
        raise web.HTTPNotFound()
    return definitions[name]


async def _counted(known: Services, definition: Definition, scope: Scope) -> Figures:
    return await asyncio.to_thread(_with_connection, known, lambda c: figures_of(c, definition, scope))


def _with_connection(known: Services, work: Callable[[Connection], T]) -> T:
    with known.database.reading() as connection:
        return work(connection)


def _book(known: Services, scope: Scope) -> Book:
    return Book(scope, load_labels(known.data), known.catalogue())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _quoted(name: str) -> str:
    return "".join(c if (c.isascii() and c.isalnum()) or c in "-." else _escaped(c) for c in name)


def _escaped(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


ROUTES = (
    Route("GET", "/statistics", READERS, index),
    Route("POST", "/statistics/export", READERS, export),
    Route("POST", "/statistics/monthly", READERS, monthly),
    Route("GET", r"/statistics/{id:[a-z0-9-]+}", READERS, page),
    Route("GET", r"/statistics/{id:[a-z0-9-]+}.svg", READERS, picture),
)
