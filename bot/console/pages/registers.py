"""The registers: what came in outside the chat, and disclosure applications with their statutory steps."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.forms import read_form, required
from bot.console.pages.statistics import SEE_ALL
from bot.console.rendering import back, render
from bot.console.routes import Route
from bot.console.services import Services, account_of, services
from bot.desk.accounts import AUDITING
from bot.desk.applications import APPLICANTS, MAY, METHODS, OUTCOMES, Law
from bot.desk.enquiries import local_day
from bot.desk.register import (
    DISPUTE_CATEGORIES,
    DISPUTE_OUTCOMES,
    LETTER_OUTCOMES,
    CaseKind,
    Event,
    RegisterError,
    Stage,
    Step,
)
from bot.desk.staff import WORKING
from bot.reports.annual import load_form
from bot.reports.labels import load_labels
from bot.reports.registering import Clerk, register_case, take_step
from bot.storage import register
from bot.storage.calendar_files import load_calendar
from bot.storage.register import Person, Registered
from bot.storage.time_limit_files import load_time_limits

CONTENT = (
    "section", "topic", "category", "applicant", "method", "outcome", "reason", "items", "until", "whom",
    "approver",
)  # fmt: skip
PERSON = ("name", "contact", "identity", "text")
MOST = 300


async def index(request: web.Request) -> web.Response:
    """List the cases of one register, with the form that adds one."""
    known = services(request)
    kind = _kind(request.query.get("kind", CaseKind.CITIZENS_HOTLINE.value))
    section = _section(request)
    found = await known.database.read(lambda c: register.listed(c, [kind], section, MOST))
    return render(
        request,
        "registers.html",
        kinds=tuple(CaseKind),
        kind=kind,
        cases=found,
        today=local_day(known.clock()),
        works=account_of(request).works,
        **await _words(known),
    )


async def add(request: web.Request) -> web.Response:
    """Register a case."""
    form, known = await read_form(request), services(request)
    kind, received = _kind(required(form, "kind")), _day(known, form.get("received", ""))
    content = _content(known, form, _section(request))
    if form.get("confirmed"):
        content["confirmed"] = form["confirmed"]
    person = Person(*(form.get(name) or None for name in PERSON))
    law = await _law(known)

    def work(connection: Connection) -> str:
        number = register_case(connection, kind, received, content, person, _clerk(request), law)
        known.log(connection, account_of(request), "case_registered", number)
        return number

    number = await known.database.write(work)
    raise back(f"/registers/{number}", "case_registered")


async def page(request: web.Request) -> web.Response:
    """Show a case: its state, its steps, who is behind it, and what may follow."""
    known = services(request)
    number, section = request.match_info["number"], _section(request)

    def work(connection: Connection) -> tuple[Registered, list[Event], Person | None] | None:
        found = register.by_number(connection, number)
        if found is None or (section is not None and found.case.section != section):
            return None
        return found, register.events_of(connection, found.id), register.person_of(connection, found.id)

    told = await known.database.read(work)
    if told is None:
        raise web.HTTPNotFound()
    found, events, person = told
    works = account_of(request).works
    return render(
        request,
        "case.html",
        found=found,
        case=found.case,
        events=events,
        # Who asked what is for those who answer; the auditor sees what was done.
        person=person if works else None,
        steps=_steps(found) if works else (),
        outcomes=_outcomes(found.case.kind),
        today=local_day(known.clock()),
        **await _words(known),
    )


async def step(request: web.Request) -> web.Response:
    """Register a step of a case."""
    form, known = await read_form(request), services(request)
    number, day = request.match_info["number"], _day(known, form.get("day", ""))
    try:
        what = Step(required(form, "step"))
    except ValueError as error:
        raise RegisterError("no such step", known.words("errors", "no_step")) from error
    content, law = _content(known, form, None), await _law(known)
    content.pop("section", None)

    def work(connection: Connection) -> None:
        take_step(connection, number, what, day, content, _clerk(request), law)
        known.log(connection, account_of(request), "case_step", number, step=what.value)

    await known.database.write(work)
    raise back(f"/registers/{number}", "case_step")


def _steps(found: Registered) -> tuple[Step, ...]:
    case = found.case
    if case.void:
        return ()
    always = (Step.AMENDED, Step.VOIDED)
    if case.kind is CaseKind.APPLICATION:
        return (*sorted(MAY[case.stage], key=list(Step).index), *always)
    return (Step.ANSWERED, *always) if case.stage is not Stage.FINISHED else always


def _outcomes(kind: CaseKind) -> tuple[str, ...]:
    if kind is CaseKind.APPLICATION:
        return OUTCOMES
    return tuple(sorted(DISPUTE_OUTCOMES if kind is CaseKind.DISPUTE else LETTER_OUTCOMES))


def _kind(text: str) -> CaseKind:
    try:
        return CaseKind(text)
    except ValueError as error:
        raise web.HTTPNotFound() from error


def _content(known: Services, form: Mapping[str, str], section: str | None) -> dict[str, Any]:
    content: dict[str, Any] = {name: form[name] for name in CONTENT if form.get(name)}
    for name in ("quantity", "days"):
        if form.get(name):
            content[name] = int(form[name]) if form[name].isascii() and form[name].isdigit() else form[name]
    if section is not None:
        content["section"] = section
    if "section" in content and content["section"] not in known.catalogue().bureau.sections:
        raise RegisterError("no section", known.words("errors", "section_needed"))
    return content


def _section(request: web.Request) -> str | None:
    """Give the one section whose cases the account may see, or ``None`` for all."""
    account = account_of(request)
    return None if account.role in SEE_ALL else account.section or ""


def _clerk(request: web.Request) -> Clerk:
    known, account = services(request), account_of(request)
    now = known.clock()
    return Clerk(account.login, now, local_day(now), _section(request))


def _day(known: Services, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RegisterError("no day", known.words("errors", "day_form")) from error


async def _law(known: Services) -> Law:
    return await asyncio.to_thread(lambda: Law(load_time_limits(known.data), load_calendar(known.data)))


async def _words(known: Services) -> dict[str, Any]:
    labels, form = await asyncio.to_thread(lambda: (load_labels(known.data), load_form(known.data)))
    return {
        "labels": labels,
        "form": form,
        "applicants": APPLICANTS,
        "methods": sorted(METHODS),
        "categories": sorted(DISPUTE_CATEGORIES),
    }


ROUTES = (
    Route("GET", "/registers", WORKING | AUDITING, index),
    Route("POST", "/registers", WORKING, add),
    Route("GET", r"/registers/{number:[A-Z0-9-]+}", WORKING | AUDITING, page),
    Route("POST", r"/registers/{number:[A-Z0-9-]+}", WORKING, step),
)
