"""The accounts: made, changed and closed by the system administrator, who takes no part in the work."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.forms import read_form, required
from bot.console.guard import Refused
from bot.console.rendering import back, render
from bot.console.routes import Route
from bot.console.services import Services, account_of, services
from bot.desk.accounts import (
    ADMINISTERING,
    ONE_TIME_DAYS,
    Account,
    AccountError,
    check_change,
    check_post,
    one_time_password,
    read_login,
    section_of,
)
from bot.desk.staff import Role
from bot.storage import accounts

DAY = 86400.0


async def page(request: web.Request) -> web.Response:
    """List the accounts."""
    return await _list(request)


async def _list(
    request: web.Request, status: int = 200, fault: str = "", made: object = None
) -> web.Response:
    found = await services(request).database.read(accounts.every)
    return render(request, "accounts.html", status, accounts=found, roles=tuple(Role), fault=fault, made=made)


async def add(request: web.Request) -> web.Response:
    """Add an account and show its one-time password, once."""
    form, known = await read_form(request), services(request)
    try:
        wanted = _wanted(known, form, Account(0, read_login(form.get("login", "")), "", Role.STAFF))
        password, hashed = await _one_time(known)

        def work(connection: Connection) -> Account:
            now = known.clock()
            made = accounts.add(connection, wanted, hashed, now + ONE_TIME_DAYS * DAY, now)
            known.log(connection, account_of(request), "account_added", made.login, role=made.role.value)
            return made

        made = await known.database.write(work)
    except AccountError as error:
        return await _list(request, 400, known.words("errors", error.code))
    return await _list(request, made={"login": made.login, "password": password})


async def change(request: web.Request) -> web.Response:
    """Change post, role or section, or disable an account."""
    form, known, account = await read_form(request), services(request), await _chosen(request)
    if account.id == account_of(request).id:
        raise Refused("own_account")
    wanted = replace(_wanted(known, form, account), disabled=form.get("disabled") == "1")
    check_change(account.role, wanted.role)

    def work(connection: Connection) -> None:
        accounts.change(connection, wanted)
        changed = {k: str(v) for k, v in vars(wanted).items() if v != vars(account)[k]}
        known.log(connection, account_of(request), "account_changed", account.login, **changed)

    await known.database.write(work)
    raise back("/accounts", "account_changed")


async def reset(request: web.Request) -> web.Response:
    """Give an account a new one-time password, and show it once."""
    known, account = services(request), await _chosen(request)
    if account.id == account_of(request).id:
        raise Refused("own_account")
    password, hashed = await _one_time(known)

    def work(connection: Connection) -> None:
        accounts.set_password(connection, account.id, hashed, known.clock() + ONE_TIME_DAYS * DAY)
        known.log(connection, account_of(request), "password_reset", account.login)

    await known.database.write(work)
    return await _list(request, made={"login": account.login, "password": password})


async def _chosen(request: web.Request) -> Account:
    key = request.match_info["id"]
    found = await services(request).database.read(lambda c: accounts.by_id(c, int(key)))
    if found is None:
        raise web.HTTPNotFound()
    return found


def _wanted(known: Services, form: Mapping[str, str], account: Account) -> Account:
    """Give the account as the form says. Raises ``AccountError``."""
    try:
        role = Role(required(form, "role"))
    except ValueError as error:
        raise AccountError("role_unknown") from error
    bureau = known.catalogue().bureau
    section = section_of(role, form.get("section") or None, bureau.default_section)
    check_post(form.get("post", ""), role, section, frozenset(bureau.sections))
    return replace(account, post=form["post"], role=role, section=section)


async def _one_time(known: Services) -> tuple[str, str]:
    password = one_time_password(secrets.choice)
    return password, await asyncio.to_thread(known.passwords.hash, password)


ROUTES = (
    Route("GET", "/accounts", ADMINISTERING, page),
    Route("POST", "/accounts", ADMINISTERING, add),
    Route("POST", r"/accounts/{id:\d+}", ADMINISTERING, change),
    Route("POST", r"/accounts/{id:\d+}/password", ADMINISTERING, reset),
)
