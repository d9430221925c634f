"""From unanswered to answered: clusters of questions, proposals, their review, and what is live."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.clusters import Cluster, clusters_of
from bot.console.drafting import KINDS, entry_document, questions_of, reviewed
from bot.console.forms import read_form
from bot.console.guard import Refused
from bot.console.orders import entry_of
from bot.console.pages.handoffs import posts_of
from bot.console.rendering import back, render
from bot.console.routes import Route
from bot.console.services import account_of, services
from bot.desk.accounts import AUDITING
from bot.desk.enquiries import local_day
from bot.desk.proposals import ProposalError, ProposalKind, ProposalState, Review, without_names
from bot.desk.staff import WORKING, Role
from bot.storage import improvements, proposals

# Who reviews for secrecy: heads and the office; never the author, which the desk itself refuses.
REVIEWING = frozenset({Role.SECTION_HEAD, Role.OFFICE})
DAYS = 90
DAY = 86400.0
MOST_CLUSTERS = 40
VIEWS = ("clusters", "reviews", "history")


async def page(request: web.Request) -> web.Response:
    """Show what is to be learnt, what waits for review, or what was published."""
    return await _show(request)


async def _show(
    request: web.Request, status: int = 200, fault: str = "", typed: Mapping[str, str] | None = None
) -> web.Response:
    known = services(request)
    view = request.query.get("view", "")
    view = view if view in VIEWS else "clusters"
    since = known.clock() - DAYS * DAY

    def work(connection: Connection) -> dict[str, Any]:
        waiting = proposals.in_state(connection, ProposalState.WAITING)
        returned = proposals.in_state(connection, ProposalState.RETURNED)
        return {
            "missed": improvements.missed(connection, since) if view == "clusters" else [],
            "waiting": waiting,
            "returned": returned,
            "revisions": proposals.history(connection) if view == "history" else [],
            "posts": posts_of(connection),
        }

    found = await known.database.read(work)
    clusters = await asyncio.to_thread(clusters_of, found.pop("missed"))
    guesses = {cluster.messages: _guess(request, cluster) for cluster in clusters[:MOST_CLUSTERS]}
    return render(
        request,
        "improve.html",
        status,
        view=view,
        views=VIEWS,
        clusters=clusters[:MOST_CLUSTERS],
        more=max(0, len(clusters) - MOST_CLUSTERS),
        guesses=guesses,
        entries=known.catalogue(),
        reviews=account_of(request).role in REVIEWING,
        broken=known.publisher.fault,
        fault=fault,
        typed=typed or {},
        days=DAYS,
        **found,
    )


def _guess(request: web.Request, cluster: Cluster) -> list[tuple[str, str]]:
    """Give the entries that the question may belong to, as they are written in the form."""
    known = services(request)
    catalogue, reading = known.catalogue(), known.search().reader().read(cluster.head)
    likely = [candidate.entry for segment in reading.segments for candidate in segment.candidates[:3]]
    chosen = [catalogue.get(key) for key in dict.fromkeys([*cluster.entries, *likely])]
    return [(entry.id, f"{entry.code} {entry.name}") for entry in chosen if entry][:3]


async def new_page(request: web.Request) -> web.Response:
    """Show the form for a new entry."""
    messages = request.query.get("messages", "")
    return await _new(request, typed={"messages": messages, "questions": await _texts(request, messages)})


async def _texts(request: web.Request, messages: str) -> str:
    wanted = set(_ids(messages))
    since = services(request).clock() - DAYS * DAY
    missed = await services(request).database.read(partial(improvements.missed, since=since))
    return "\n".join(dict.fromkeys(without_names(one.text) for one in missed if one.id in wanted))


async def _new(
    request: web.Request, status: int = 200, fault: str = "", typed: Mapping[str, str] | None = None
) -> web.Response:
    return render(request, "improve_new.html", status, kinds=KINDS, fault=fault, typed=typed or {})


async def propose(request: web.Request) -> web.Response:
    """Propose new ways to ask for an entry that there is."""
    form, known = await read_form(request), services(request)
    catalogue = known.catalogue()
    try:
        entry = entry_of(catalogue, form.get("entry", ""))
        if entry is None:
            raise Refused("no_such_entry", 400)
        lines = questions_of(form.get("questions", ""), catalogue, entry)
    except ProposalError as error:
        return await _show(request, 400, _told(request, error), form)
    except Refused as error:
        return await _show(request, error.status, known.words("errors", error.code), form)
    await _put(request, ProposalKind.QUESTIONS, entry, {"questions": lines}, form)
    raise back("/improve?view=reviews", "proposed")


async def propose_entry(request: web.Request) -> web.Response:
    """Propose a new entry."""
    form = await read_form(request)
    try:
        key, content = entry_document(form, services(request).catalogue())
    except ProposalError as error:
        return await _new(request, 400, _told(request, error), form)
    await _put(request, ProposalKind.ENTRY, key, content, form)
    raise back("/improve?view=reviews", "proposed")


async def _put(
    request: web.Request, kind: ProposalKind, entry: str, content: Mapping[str, Any], form: Mapping[str, str]
) -> None:
    known, account = services(request), account_of(request)
    sources, now = _ids(form.get("messages", "")), known.clock()

    def work(connection: Connection) -> None:
        real = improvements.real(connection, sources)
        key = proposals.propose(connection, kind, entry, content, real, account.login, now)
        improvements.settle(connection, real, key, account.login, now)
        known.log(connection, account, "proposed", f"#{key}", entry=entry)

    await known.database.write(work)


async def set_aside(request: web.Request) -> web.Response:
    """Take questions off the list without a proposal."""
    form, known, account = await read_form(request), services(request), account_of(request)
    sources = _ids(form.get("messages", ""))

    def work(connection: Connection) -> None:
        real = improvements.real(connection, sources)
        improvements.settle(connection, real, None, account.login, known.clock())
        known.log(connection, account, "set_aside", count=len(real))

    await known.database.write(work)
    raise back("/improve", "set_aside")


async def review(request: web.Request) -> web.Response:
    """Approve a proposal, which makes it live, or return it with the reason."""
    form, known, account = await read_form(request), services(request), account_of(request)
    key, now = int(request.match_info["id"]), known.clock()
    said = Review(account.login, form.get("approved") == "1", form.get("opinion", ""))
    final = partial(reviewed, catalogue=known.catalogue(), post=account.post, day=local_day(now))

    def work(connection: Connection) -> None:
        done = proposals.review(connection, key, said, now, final)
        if not said.approved:
            improvements.unsettle(connection, key)
        action = "proposal_approved" if said.approved else "proposal_returned"
        known.log(connection, account, action, f"#{key}", entry=done.entry)

    return await _decide(request, work, "approved" if said.approved else "returned", "reviews")


async def undo(request: web.Request) -> web.Response:
    """Take back what was published, in one step."""
    form, known, account = await read_form(request), services(request), account_of(request)
    number, now = int(request.match_info["number"]), known.clock()

    def work(connection: Connection) -> None:
        revision = proposals.undo(connection, number, account.login, form.get("reason", ""), now)
        known.log(connection, account, "revision_undone", f"r{number}", entry=revision.proposal.entry)

    return await _decide(request, work, "undone", "history")


async def _decide(request: web.Request, work: Any, told: str, view: str) -> web.Response:
    known = services(request)
    try:
        await known.database.write(work)
    except ProposalError as error:
        return await _show(request, 409, _told(request, error))
    await publish(request)
    raise back(f"/improve?view={view}", told)


async def publish(request: web.Request) -> None:
    """Bring the files of this machine up to date now; other machines follow by themselves."""
    known = services(request)
    await known.database.read(known.publisher.step)


def _told(request: web.Request, error: ProposalError) -> str:
    return error.told or services(request).words("errors", error.code)


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:500] if part.isdigit() and len(part) < 18]


ROUTES = (
    Route("GET", "/improve", WORKING | AUDITING, page),
    Route("GET", "/improve/new", WORKING, new_page),
    Route("POST", "/improve/questions", WORKING, propose),
    Route("POST", "/improve/entries", WORKING, propose_entry),
    Route("POST", "/improve/aside", WORKING, set_aside),
    Route("POST", r"/improve/proposals/{id:\d{1,12}}", REVIEWING, review),
    Route("POST", r"/improve/revisions/{number:\d{1,12}}/undo", REVIEWING, undo),
)
