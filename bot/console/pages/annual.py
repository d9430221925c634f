"""The yearly disclosure report: its tables, what does not hold, what is still missing; past years as told."""

from __future__ import annotations

import asyncio
from functools import partial

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.forms import read_form, required
from bot.console.pages.statistics import SEE_ALL, send_file
from bot.console.rendering import back, render
from bot.console.routes import Route
from bot.console.services import account_of, services
from bot.desk.enquiries import local_day
from bot.desk.errors import DeskError
from bot.desk.staff import Role
from bot.reports.annual import Annual, annual_of, cells_of, check_supplied, load_form, supplied_cells
from bot.reports.annual_files import write_docx, write_workbook
from bot.reports.annual_grids import grids, lines_of
from bot.reports.past_years import load_past_years
from bot.storage import form_figures
from bot.storage.moments import held
from bot.storage.report_tables import register_events

OFFICE = frozenset({Role.OFFICE})


async def index(request: web.Request) -> web.Response:
    """Lead to the year that is reported on now: the last one that is over."""
    raise web.HTTPSeeOther(f"/annual/{local_day(services(request).clock()).year - 1}")


async def page(request: web.Request) -> web.Response:
    """Show the report of a year, or what was published of a year that had no registers yet."""
    known, year = services(request), int(request.match_info["year"])
    form, past = await asyncio.to_thread(lambda: (load_form(known.data), load_past_years(known.data)))
    this = local_day(known.clock()).year
    years = sorted({*past, *range(max(form["first_year"], this - 4), this + 1)}, reverse=True)
    if year not in years:
        raise web.HTTPNotFound()
    if year in past:
        return render(request, "annual_past.html", past=past[year], years=years)
    annual = await known.database.read(partial(annual_of, year=year, form=form, catalogue=known.catalogue()))
    return render(
        request,
        "annual.html",
        annual=annual,
        form=form,
        years=years,
        grids=grids(annual, form),
        lines=lines_of,
        cells=supplied_cells(form),
        fills=account_of(request).role in OFFICE,
    )


async def supply(request: web.Request) -> web.Response:
    """Supply a figure or a text that no register holds."""
    given, known, year = await read_form(request), services(request), int(request.match_info["year"])
    cell, value, basis = (required(given, name) for name in ("cell", "value", "basis"))
    check_supplied(await asyncio.to_thread(load_form, known.data), cell, value)
    account = account_of(request)

    def work(connection: Connection) -> None:
        form_figures.supply(connection, year, cell, value, basis, account.login, known.clock())
        known.log(connection, account, "annual_supplied", f"{year} {cell}")

    await known.database.write(work)
    raise back(f"/annual/{year}", "annual_supplied")


async def publish(request: web.Request) -> web.Response:
    """Store the report as published, if everything in it holds."""
    known, year, account = services(request), int(request.match_info["year"]), account_of(request)
    form = await asyncio.to_thread(load_form, known.data)

    def work(connection: Connection) -> None:
        moment = held(connection, register_events, known.clock())
        annual = annual_of(connection, year, form, known.catalogue())
        if annual.problems:
            raise DeskError("the report has problems", "".join(annual.problems))
        form_figures.publish(connection, year, cells_of(annual), annual.title, account.login, moment)
        known.log(connection, account, "annual_published", str(year))

    await known.database.write(work)
    raise back(f"/annual/{year}", "annual_published")


async def export(request: web.Request) -> web.StreamResponse:
    """Give the report as a document or a workbook, and note it in the audit log."""
    given, known, year = await read_form(request), services(request), int(request.match_info["year"])
    form = await asyncio.to_thread(load_form, known.data)
    catalogue = known.catalogue()
    writers = {"docx": write_docx, "xlsx": write_workbook}
    kind = given.get("format", "docx")
    if kind not in writers:
        raise web.HTTPBadRequest()
    annual: Annual = await known.database.read(partial(annual_of, year=year, form=form, catalogue=catalogue))
    name = f"{annual.title}.{kind}"
    return await send_file(
        request, kind, name, lambda path, _: writers[kind](path, annual, form), f"annual {year}"
    )


ROUTES = (
    Route("GET", "/annual", SEE_ALL, index),
    Route("GET", r"/annual/{year:\d+}", SEE_ALL, page),
    Route("POST", r"/annual/{year:\d+}", OFFICE, supply),
    Route("POST", r"/annual/{year:\d+}/publish", OFFICE, publish),
    Route("POST", r"/annual/{year:\d+}/export", SEE_ALL, export),
)
