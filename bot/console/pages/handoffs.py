"""The list of handoffs: what waits, how urgent it is, who has it; live, filtered, searched."""

from __future__ import annotations

import math
from functools import partial

from aiohttp import web
from markupsafe import Markup
from sqlalchemy.engine import Connection

from bot.console.rendering import as_json, environment, render
from bot.console.routes import Route
from bot.console.seeing import sees_all, within
from bot.console.services import Listed, account_of, services
from bot.desk.accounts import AUDITING, Account
from bot.desk.enquiries import local_day
from bot.desk.handoffs import HandoffState
from bot.desk.staff import WORKING
from bot.desk.time_limits import Standing, standing
from bot.storage import accounts, caselist
from bot.storage.caselist import Filter, Item, Order, Page

S = HandoffState
# The views of the list, in the order of the tabs.
REFRESH = "X-Refresh"  # the page asks by itself, because of news
VIEWS = ("open", "waiting", "mine", "overdue", "closed")


async def page(request: web.Request) -> web.Response:
    """Show one page of the list."""
    known, account = services(request), account_of(request)
    query = request.query
    view = query.get("view", "") if query.get("view") in VIEWS else "open"
    number = int(query["page"]) if query.get("page", "").isdigit() and len(query["page"]) < 6 else 1
    order = _order(query.get("order", ""), view)
    chosen = _filter(request, view)

    refreshing = REFRESH in request.headers
    listing = partial(_listing, request, chosen, order, number, view)
    if refreshing:
        # Many pages hear the same news, and ask in the same moment for the same list.
        listed = await known.lists.get((chosen, order, number, view), listing)
    else:
        listed = await listing()
    views = {name: _view(request, account, name) for name in ("waiting", "mine")}

    def count(connection: Connection) -> dict[str, int]:
        return {name: _total(connection, chosen) for name, chosen in views.items()}

    return render(
        request,
        "handoffs_fresh.html" if refreshing else "handoffs.html",
        page=listed.page,
        listed=listed.html,
        view=view,
        views=VIEWS,
        totals=await known.database.read(count),
        order=order.value,
        number=number,
        pages=max(1, math.ceil(listed.page.total / caselist.PER_PAGE)),
        query=query,
        everything=sees_all(account),
    )


async def _listing(request: web.Request, chosen: Filter, order: Order, number: int, view: str) -> Listed:
    """Look the list up and render it: the same for everybody who may see the same."""
    known = services(request)

    def work(connection: Connection) -> tuple[Page, dict[str, str]]:
        return caselist.list_handoffs(connection, chosen, order, number), posts_of(connection)

    found, posts = await known.database.read(work)
    template = environment().get_template("handoffs_list.html")
    html = template.render(
        page=found,
        standings=_standings(request, found.items),
        view=view,
        posts=posts,
        narrowed=bool(request.query.get("q") or request.query.get("section")),
        label=known.casework().telling.label,
        bureau=known.catalogue().bureau,
        words=known.words,
    )
    return Listed(found, Markup(html))


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
