"""Logging in and out, choosing a password, and the way home."""

from __future__ import annotations

import math

from aiohttp import web

from bot.channels.addresses import client_address
from bot.channels.webchat.limits import household
from bot.console.forms import here, read_form
from bot.console.guard import BEFORE, COOKIE, Refused, give_cookie, new_token
from bot.console.logins import Entered, Locked, Logins
from bot.console.navigation import home
from bot.console.rendering import render
from bot.console.routes import PUBLIC, Route
from bot.console.services import SESSION, account_of, services
from bot.desk.accounts import EVERYONE, AccountError


def logins(request: web.Request) -> Logins:
    """Give the use cases of logging in."""
    return request.app[LOGINS]


LOGINS: web.AppKey[Logins] = web.AppKey("logins", Logins)


async def start(request: web.Request) -> web.Response:
    """Lead to where this role begins its day."""
    raise web.HTTPSeeOther(home(account_of(request).role))


async def login_page(request: web.Request) -> web.Response:
    """Show the form; whoever is in already is led on."""
    if request.get(SESSION):
        raise web.HTTPSeeOther("/")
    return _login_form(request, 200)


def _login_form(request: web.Request, status: int, fault: str = "", login: str = "") -> web.Response:
    token = request.cookies.get(BEFORE) or new_token()
    where = here(request.query.get("next", "/"))
    response = render(request, "login.html", status, before=token, where=where, fault=fault, login=login)
    give_cookie(request, response, BEFORE, token)
    return response


async def log_in(request: web.Request) -> web.Response:
    """Log somebody in, and lead to the page that was asked for."""
    form, known = await read_form(request), services(request)
    address = household(client_address(request, known.settings.trusted_proxies))
    try:
        if known.attempts.wait(address):
            raise Refused("too_often", 429)
        entered = await logins(request).enter(form.get("login", ""), form.get("password", ""))
    except Locked as error:
        minutes = math.ceil(error.seconds / 60)
        return _login_form(
            request, 429, known.words("errors", "locked", minutes=minutes), form.get("login", "")
        )
    except Refused as error:
        return _login_form(request, error.status, known.words("errors", error.code), form.get("login", ""))
    where = "/password" if entered.account.must_change else here(form.get("next", "/"))
    return _with_session(request, entered, where)


def _with_session(request: web.Request, entered: Entered, where: str) -> web.Response:
    response = web.Response(status=303, headers={"Location": where})
    give_cookie(request, response, COOKIE, entered.token)
    response.del_cookie(BEFORE, path="/")
    return response


async def log_out(request: web.Request) -> web.Response:
    """End the session."""
    session = request[SESSION]
    await logins(request).leave(session.token, session.account)
    response = web.Response(status=303, headers={"Location": "/login?told=logged_out"})
    response.del_cookie(COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def password_page(request: web.Request) -> web.Response:
    """Show the form for a new password."""
    return render(request, "password.html", fault="")


async def choose_password(request: web.Request) -> web.Response:
    """Change one's own password."""
    form = await read_form(request)
    try:
        if form.get("new", "") != form.get("again", ""):
            raise AccountError("password_again")
        entered = await logins(request).choose(account_of(request), form.get("old", ""), form.get("new", ""))
    except AccountError as error:
        return render(request, "password.html", 400, fault=services(request).words("errors", error.code))
    return _with_session(request, entered, "/?told=password_changed")


ROUTES = (
    Route("GET", "/", EVERYONE, start),
    Route("GET", "/login", PUBLIC, login_page),
    Route("POST", "/login", PUBLIC, log_in),
    Route("POST", "/logout", EVERYONE, log_out, unfinished=True),
    Route("GET", "/password", EVERYONE, password_page, unfinished=True),
    Route("POST", "/password", EVERYONE, choose_password, unfinished=True),
)
