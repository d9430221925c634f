"""Contacts of the sections, and who holds which post: A, B in A's place, and who is away when."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from functools import partial

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.forms import read_form, required
from bot.console.guard import Refused
from bot.console.rendering import back, render
from bot.console.routes import Route
from bot.console.services import account_of, services
from bot.desk.accounts import AUDITING, Account
from bot.desk.enquiries import local_day
from bot.desk.staff import WORKING, Absence, Post, Role
from bot.storage import accounts, posts

# Posts are arranged by heads for their section, and by the office for all.
ARRANGING = frozenset({Role.SECTION_HEAD, Role.OFFICE})
LONGEST_ABSENCE = 366  # days


async def page(request: web.Request) -> web.Response:
    """Show sections, posts and absences."""
    known, account = services(request), account_of(request)
    today = local_day(known.clock())

    def work(connection: Connection) -> tuple[object, object, list[Account]]:
        roster = posts.roster(connection, today)
        return roster, posts.absences_from(connection, today), accounts.working(connection)

    roster, absences, people = await known.database.read(work)
    return render(
        request,
        "contacts.html",
        roster=roster,
        absences=absences,
        people=people,
        names={one.login: one.post for one in people},
        today=today,
        arranges=partial(_arranges, account),
        may_arrange=account.role in ARRANGING,
    )


def _arranges(account: Account, section: str | None) -> bool:
    return account.role is Role.OFFICE or (account.role is Role.SECTION_HEAD and account.section == section)


async def put_post(request: web.Request) -> web.Response:
    """Write a post: who is A, who is B."""
    form, known, account = await read_form(request), services(request), account_of(request)
    name, a, b = required(form, "name")[:60], required(form, "a"), form.get("b") or None

    def work(connection: Connection) -> None:
        people = {one.login: one for one in accounts.working(connection)}
        section = people[a].section if a in people else None
        if section is None or (b is not None and (b not in people or people[b].section != section)):
            raise Refused("post_section", 400)
        if not _arranges(account, section):
            raise Refused("wrong_role")
        post = Post(secrets.token_hex(6), section, name, a, b)
        posts.put_post(connection, post)
        known.log(connection, account, "post_put", name, a=a, b=b or "")

    await known.database.write(work)
    raise back("/contacts", "post_put")


async def remove_post(request: web.Request) -> web.Response:
    """Remove a post."""
    known, account, key = services(request), account_of(request), request.match_info["id"]

    def work(connection: Connection) -> None:
        held = posts.roster(connection, local_day(known.clock())).posts
        found = next((post for post in held if post.id == key), None)
        if found is None:
            raise web.HTTPNotFound()
        if not _arranges(account, found.section):
            raise Refused("wrong_role")
        posts.remove_post(connection, key)
        known.log(connection, account, "post_removed", found.name, a=found.a, b=found.b or "")

    await known.database.write(work)
    raise back("/contacts", "post_removed")


async def put_absence(request: web.Request) -> web.Response:
    """Note that somebody is away: oneself, or one of those whose posts one arranges."""
    form, known, account = await read_form(request), services(request), account_of(request)
    person = form.get("person") or account.login
    try:
        first, last = date.fromisoformat(form.get("first", "")), date.fromisoformat(form.get("last", ""))
    except ValueError as error:
        raise Refused("bad_days", 400) from error
    if last - first > timedelta(days=LONGEST_ABSENCE):
        raise Refused("bad_days", 400)

    def work(connection: Connection) -> None:
        found = accounts.known(connection, person)
        if found is None or not found.account.works:
            raise Refused("no_such_person", 400)
        if person != account.login and not _arranges(account, found.account.section):
            raise Refused("wrong_role")
        posts.put_absence(connection, Absence(person, first, last))
        known.log(connection, account, "absence_put", person, first=first.isoformat(), last=last.isoformat())

    await known.database.write(work)
    raise back("/contacts", "absence_put")


async def remove_absence(request: web.Request) -> web.Response:
    """Note that somebody is back, or was never away."""
    known, account, key = services(request), account_of(request), int(request.match_info["id"])

    def work(connection: Connection) -> None:
        listed = dict(posts.absences_from(connection, local_day(known.clock())))
        absence = listed.get(key)
        found = accounts.known(connection, absence.person) if absence else None
        if absence is None:
            raise web.HTTPNotFound()
        section = found.account.section if found else None
        if absence.person != account.login and not _arranges(account, section):
            raise Refused("wrong_role")
        posts.remove_absence(connection, key)
        known.log(connection, account, "absence_removed", absence.person)

    await known.database.write(work)
    raise back("/contacts", "absence_removed")


ROUTES = (
    Route("GET", "/contacts", WORKING | AUDITING, page),
    Route("POST", "/contacts/posts", ARRANGING, put_post),
    Route("POST", "/contacts/posts/{id:[0-9a-f]+}/remove", ARRANGING, remove_post),
    Route("POST", "/contacts/absences", WORKING, put_absence),
    Route("POST", r"/contacts/absences/{id:\d{1,12}}/remove", WORKING, remove_absence),
)
