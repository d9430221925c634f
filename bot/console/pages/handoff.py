"""One handoff: what was said and thought, what may be done, and doing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.forms import read_form
from bot.console.guard import Refused
from bot.console.offers import offers
from bot.console.orders import ORDERS, Ordered
from bot.console.pages.handoffs import posts_of
from bot.console.phrases import load_phrases
from bot.console.rendering import as_json, back, render
from bot.console.routes import Route
from bot.console.seeing import sees
from bot.console.services import account_of, services
from bot.console.suggesting import suggestions
from bot.desk.accounts import AUDITING, Account
from bot.desk.catalogue import Catalogue
from bot.desk.enquiries import local_day
from bot.desk.handoffs import CloseOutcome, Handoff, HandoffError, HandoffState, Rules
from bot.desk.handoffs.sight import hides, what_was_asked
from bot.desk.messages import Outcome
from bot.desk.staff import WORKING
from bot.desk.time_limits import standing
from bot.storage import accounts, caselist, casework, handoffs, improvements, pictures
from bot.storage.caselist import Dossier
from bot.storage.transcripts import ENQUIRER, Line

HANDED_OFF = Outcome.HANDED_OFF.value
NUMBER = "/handoffs/{number:[A-Z0-9]{4,16}}"


@dataclass(frozen=True)
class Seen:
    """A dossier with what the page shows besides."""

    dossier: Dossier
    posts: dict[str, str]
    colleagues: list[Account]
    doubted: set[int]
    pictures: frozenset[int]


async def page(request: web.Request) -> web.Response:
    """Show it."""
    return await _show(request)


async def _show(request: web.Request, status: int = 200, fault: str = "", **typed: str) -> web.Response:
    known, account = services(request), account_of(request)
    number = request.match_info["number"]
    seen = await known.database.read(partial(see, number=number, account=account))
    dossier, now = seen.dossier, known.clock()
    handoff, work = dossier.handoff, known.casework()
    limit = work.rules.limit(handoff.clock)
    may = offers(handoff, account, now, work.rules) if account.works else frozenset()
    question = _question(dossier)
    search = known.search()
    suggested = suggestions(search, question, handoff.entry) if "reply" in may and question else ()
    values: dict[str, Any] = {
        "dossier": dossier,
        "h": handoff,
        "may": may,
        "posts": seen.posts,
        "colleagues": [c for c in seen.colleagues if c.section == handoff.section],
        "doubted": seen.doubted,
        "pictures": seen.pictures,
        "limit": limit,
        "limits": work.rules.limits.limits,
        "standing": standing(handoff.clock, handoff.due, limit, local_day(now), work.rules.calendar),
        "silent_until": _silent_until(handoff, work.rules),
        "entries": known.catalogue(),
        "entry": known.catalogue().get(handoff.entry),
        "name_of": partial(_name_of, known.catalogue()),
        "outcomes": [o for o in CloseOutcome if o is not CloseOutcome.MERGED],
        "suggested": suggested,
        "phrases": load_phrases(known.data, known.catalogue().bureau) if "reply" in may else (),
        "label": work.telling.label,
        "fault": fault,
        "typed": typed,
    }
    return render(request, "handoff.html", status, **values)


def see(connection: Connection, number: str, account: Account) -> Seen:
    """Give all that this account may see of a handoff. Raises ``HTTPNotFound``."""
    dossier = caselist.full_transcript(connection, number)
    if dossier is None or not sees(account, dossier.handoff):
        raise web.HTTPNotFound()
    others = tuple(other for other in dossier.others if sees(account, other))
    lines = tuple(
        said
        for said in dossier.transcript
        if not hides(account.person, dossier.others, said.line.at, _message(said.line))
    )
    shown = replace(dossier, others=others, transcript=lines)
    doubted = improvements.doubted(connection, dossier.handoff.conversation)
    shots = pictures.having(connection, dossier.handoff.conversation)
    return Seen(shown, posts_of(connection), accounts.working(connection), doubted, shots)


def _message(line: Line) -> int | None:
    return line.id if line.author == ENQUIRER else None


def _name_of(catalogue: Catalogue, key: str) -> str:
    """Give the name of an entry, or its id once it is no more."""
    entry = catalogue.get(key)
    return entry.name if entry else key


def _silent_until(handoff: Handoff, rules: Rules) -> date | None:
    """Give the day after which an answered handoff is closed by itself if the enquirer says no more."""
    if handoff.state is not HandoffState.ANSWERED or handoff.answered_at is None:
        return None
    return rules.last_to_hear(handoff.answered_at)


def _question(dossier: Dossier) -> str:
    """Give what was asked last: since the handoff was opened, or what it is about."""
    handoff = dossier.handoff
    asked = [said for said in dossier.transcript if said.line.author == ENQUIRER and said.line.text]
    opening = [said.line.text for said in asked if said.line.id == handoff.enquiry]
    later = [said.line.text for said in asked if said.line.at > handoff.opened_at]
    before = [
        said.line.text
        for said in asked
        if said.line.id < (handoff.enquiry or 0) and said.thought.get("outcome", HANDED_OFF) != HANDED_OFF
    ]
    about = what_was_asked(handoff.reason, (opening or [""])[0], (before or [""])[-1])
    return (later or [about])[-1]


async def act(request: web.Request, name: str) -> web.StreamResponse:
    """Carry out one of the orders, and show what became of it."""
    form, known, account = await read_form(request), services(request), account_of(request)
    number, now = request.match_info["number"], known.clock()
    catalogue, work = known.catalogue(), known.casework()

    def do(connection: Connection) -> None:
        _must_see(connection, number, account)
        order = ORDERS[name](Ordered(account.person, now, form, connection, catalogue))
        casework.carry_out(connection, work, number, order)
        told = {
            key: form[key] for key in ("to", "proposed", "outcome", "into", "kind", "days") if key in form
        }
        known.log(connection, account, f"handoff_{name.replace('-', '_')}", number, **told)

    return await _done(request, number, name, do, form)


async def reply(request: web.Request) -> web.StreamResponse:
    """Answer in the chat that the enterprise used."""
    form, known, account = await read_form(request), services(request), account_of(request)
    number, now, work = request.match_info["number"], known.clock(), known.casework()
    complete = form.get("complete", "1") == "1"

    def do(connection: Connection) -> None:
        _must_see(connection, number, account)
        casework.reply(connection, work, number, account.person, form.get("text", ""), now, complete)
        known.log(connection, account, "handoff_reply", number, complete=complete)

    return await _done(request, number, "reply", do, form)


async def wrong(request: web.Request) -> web.StreamResponse:
    """Note that an answer of the bot was wrong: it becomes work for the catalogue."""
    form, known, account = await read_form(request), services(request), account_of(request)
    number, now = request.match_info["number"], known.clock()
    line = form.get("line", "")

    def do(connection: Connection) -> None:
        _must_see(connection, number, account)
        handoff = handoffs.by_number(connection, number)
        key = int(line) if line.isdigit() else 0
        if handoff is None or not improvements.doubt(
            connection, handoff.conversation, key, form.get("remark", ""), account.login, now
        ):
            raise Refused("no_such_answer", 400)
        known.log(connection, account, "answer_doubted", number, line=key)

    return await _done(request, number, "wrong", do, form)


async def original(request: web.Request) -> web.StreamResponse:
    """Show one message as it was typed, with what is masked elsewhere; that it was seen is written down."""
    form, known, account = await read_form(request), services(request), account_of(request)
    number, line = request.match_info["number"], form.get("line", "")

    def do(connection: Connection) -> str:
        seen = see(connection, number, account).dossier
        shown = {said.line.id for said in seen.transcript if said.line.author == ENQUIRER}
        text = improvements.typed(connection, seen.handoff.conversation, int(line))
        if text is None or int(line) not in shown:
            raise Refused("no_such_answer", 400)
        known.log(connection, account, "original_seen", number, line=int(line))
        return text

    if not line.isdigit():
        raise Refused("no_such_answer", 400)
    return as_json({"text": await known.database.write(do)})


def _must_see(connection: Connection, number: str, account: Account) -> None:
    handoff = handoffs.by_number(connection, number)
    if handoff is None or not sees(account, handoff):
        raise web.HTTPNotFound()


async def _done(request: web.Request, number: str, name: str, do: Any, form: Any) -> web.StreamResponse:
    """Commit, then lead back to the page; a refusal is told there, with what was typed kept."""
    known = services(request)
    script = "text/html" not in request.headers.get("Accept", "")
    try:
        await known.database.write(do)
    except HandoffError as error:
        if script:
            return as_json({"error": {"message": error.for_reader, "code": error.refusal.value}}, 409)
        return await _show(request, 409, error.for_reader, **{name: form.get("text", form.get("reason", ""))})
    if script:
        return as_json({"told": known.words("told", f"did_{name}")})
    raise back(f"/handoffs/{number}", f"did_{name.replace('-', '_')}")


ROUTES = (
    Route("GET", NUMBER, WORKING | AUDITING, page),
    *(Route("POST", f"{NUMBER}/{name}", WORKING, partial(act, name=name)) for name in ORDERS),
    Route("POST", f"{NUMBER}/reply", WORKING, reply),
    Route("POST", f"{NUMBER}/wrong", WORKING, wrong),
    Route("POST", f"{NUMBER}/original", WORKING, original),
)
