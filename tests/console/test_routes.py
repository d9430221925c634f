"""Every address admits the roles it declares and nobody else: the cases are read from the application."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.console.application import console_application
from bot.console.guard import Guarded
from bot.console.pages import ROUTES
from bot.console.routes import Route
from bot.desk.staff import Role
from tests.console.conftest import Browser, Running, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERY = [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES]
CLOSED = [case for case, route in zip(EVERY, ROUTES, strict=True) if route.roles is not None]
CHANGING = [case for case, route in zip(EVERY, ROUTES, strict=True) if route.changes]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder: Path = tmp_path_factory.mktemp("console")
    async with running(f"sqlite:///{folder / 'desk.db'}", folder) as it:
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(shared: Running) -> dict[Role, Browser]:
    return {role: await shared.enter(role.value.replace("_", "-")) for role in Role}


def path_of(route: Route) -> str:
    """Give an address of the route, with something in each of its places."""
    return re.sub(r"\{\w+(?::(?:[^{}]|\{[^{}]*\})*)?\}", "9999", route.path)


async def status_of(browser: Browser, route: Route, accept: str = "application/json", csrf: str = "") -> int:
    headers = {"Accept": accept} | ({"X-CSRF-Token": csrf} if csrf else {})
    async with browser.client.request(
        route.method, path_of(route), headers=headers, allow_redirects=False
    ) as answer:
        return answer.status


async def test_nothing_is_reached_but_what_the_table_declares(shared: Running) -> None:
    app = console_application(shared.console.services)
    served = [route for route in app.router.routes() if route.method != "HEAD"]
    assert len(served) == len(ROUTES) > 10
    for one in app.router.routes():
        guard = getattr(one.handler, "__self__", None)
        assert isinstance(guard, Guarded), f"{one.method} {one.resource} has no guard"


async def test_every_path_is_declared_once() -> None:
    known = [(route.method, route.path) for route in ROUTES]
    assert len(set(known)) == len(known)


async def test_what_reads_is_never_a_change() -> None:
    assert {route.method for route in ROUTES} <= {"GET", "POST"}


@pytest.mark.parametrize("route", CLOSED)
async def test_the_anonymous_are_refused(shared: Running, route: Route) -> None:
    browser = shared.browser()
    assert await status_of(browser, route) == 401
    if route.method == "GET":
        assert await status_of(browser, route, "text/html") == 303


@pytest.mark.parametrize("route", CLOSED)
async def test_every_wrong_role_is_refused(
    shared: Running, people: dict[Role, Browser], route: Route
) -> None:
    for role, browser in people.items():
        if not route.admits(role):
            assert await status_of(browser, route, csrf=browser.csrf) == 403, role


@pytest.mark.parametrize("route", CLOSED)
async def test_every_admitted_role_is_let_through(
    shared: Running, people: dict[Role, Browser], route: Route
) -> None:
    """Without this the two tests above would hold for a console that refuses everybody."""
    if route.path in ("/logout", "/events"):
        return  # tried elsewhere: one ends the session, the other never ends
    for role, browser in people.items():
        if route.admits(role):
            status = await status_of(browser, route, csrf=browser.csrf)
            assert status not in (401, 403), role
            assert status < 500, role


@pytest.mark.parametrize("route", CHANGING)
@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_change_without_the_forms_token_is_refused(
    shared: Running, people: dict[Role, Browser], route: Route, token: str
) -> None:
    before = len(shared.rows("audit_log"))
    for role, browser in people.items():
        if route.admits(role):
            assert await status_of(browser, route, csrf=token) == 403, role
    assert len(shared.rows("audit_log")) == before


@pytest.mark.parametrize("route", CHANGING)
async def test_a_change_from_another_site_is_refused(people: dict[Role, Browser], route: Route) -> None:
    for role, browser in people.items():
        if route.admits(role):
            headers = {"X-CSRF-Token": browser.csrf, "Sec-Fetch-Site": "cross-site"}
            async with browser.client.post(path_of(route), headers=headers) as answer:
                assert answer.status == 403, role
