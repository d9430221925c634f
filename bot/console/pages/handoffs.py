"""The list of handoffs: what waits, how urgent it is, who has it; live, filtered, searched."""

from __future__ import annotations

import math
from functools import partial

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.rendering import as_json, render
from bot.console.routes import Route
from bot.console.seeing import sees_all, within
from bot.console.services import account_of, services
from bot.desk.accounts import AUDITING, Account
from bot.desk.enquiries import local_day
from bot.desk.handoffs import HandoffState
from bot.desk.staff import WORKING
from bot.desk.time_limits import Standing, standing
from bot.storage import accounts, caselist
from bot.storage.caselist import Filter, Item, Order, Page

S = HandoffState
# The views of the list, in the order of the tabs.
VIEWS = ("open", "waiting", "mine", "overdue", "closed")


async def page(request: web.Request) -> web.Response:
    """Show one page of the list."""
    known, account = services(request), account_of(request)
    query = request.query
    view = query.get("view", "") if query.get("view") in VIEWS else "open"
    number = int(query["page"]) if query.get("page", "").isdigit() and len(query["page"]) < 6 else 1
    order = _order(query.get("order", ""), view)
    chosen = _filter(request, view)

    def work(connection: Connection) -> tuple[Page, dict[str, int], dict[str, str]]:
        found = caselist.list_handoffs(connection, chosen, order, number)
        totals = {name: _total(connection, _view(request, account, name)) for name in ("waiting", "mine")}
        return found, totals, posts_of(connection)

    found, totals, posts = await known.database.read(work)
    return render(
        request,
        "handoffs.html",
        page=found,
        standings=_standings(request, found.items),
        view=view,
        views=VIEWS,
        totals=totals,
        posts=posts,
        order=order.value,
        number=number,
        pages=max(1, math.ceil(found.total / caselist.PER_PAGE)),
        query=query,
        everything=sees_all(account),
        label=known.casework().telling.label,
        today=local_day(known.clock()),
    )


def _order(text: str, view: str) -> Order:
    try:
        return Order(text)
    except ValueError:
        return Order.NEWEST if view == "closed" else Order.DUE


def _filter(request: web.Request, view: str) -> Filter:
    account = account_of(request)
    bureau = services(request).catalogue().bureau
    base = _view(request, account, view)
    section = request.query.get("section", "")
    sections = (section,) if section in bureau.sections and sees_all(account) else base.sections
    text = request.query.get("q", "")[:100]
    return Filter(
        sections=sections,
        states=base.states,
        person=base.person,
        unclaimed=base.unclaimed,
        overdue_on=base.overdue_on,
        text=text,
        hidden_from=base.hidden_from,
    )


def _view(request: web.Request, account: Account, view: str) -> Filter:
    """Give what a tab shows of what the account may see."""
    views = {
        "waiting": Filter(states=(S.WAITING, S.REOPENED, S.WAITING_OTHER_SECTION)),
        "mine": Filter(person=account.login),
        "overdue": Filter(overdue_on=local_day(services(request).clock())),
        "closed": Filter(states=(S.CLOSED,)),
    }
    return within(account, views.get(view, Filter()))


def _total(connection: Connection, chosen: Filter) -> int:
    return sum(caselist.counts(connection, chosen).values())


def _standings(request: web.Request, items: tuple[Item, ...]) -> dict[str, Standing]:
    known = services(request)
    rules, today = known.casework().rules, local_day(known.clock())
    found = {}
    for item in items:
        h = item.handoff
        limit = rules.limit(h.clock)
        found[h.number] = standing(h.clock, h.due, limit, today, rules.calendar)
    return found


def posts_of(connection: Connection) -> dict[str, str]:
    """Give the post of each account, to be shown in place of a login."""
    return {account.login: account.post for account in accounts.every(connection)}


async def waiting(request: web.Request) -> web.Response:
    """Tell a script how much waits for this account's section."""
    chosen = _view(request, account_of(request), "waiting")
    total = await services(request).database.read(partial(_total, chosen=chosen))
    return as_json({"waiting": total})


ROUTES = (
    Route("GET", "/handoffs", WORKING | AUDITING, page),
    Route("GET", "/handoffs/waiting", WORKING, waiting, quiet=True),
)
