"""Lets nobody through whom the route does not admit, and no change without the form's token."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import quote

from aiohttp import web

from bot.channels.addresses import is_trusted_peer
from bot.console.routes import Route
from bot.console.services import SESSION, services
from bot.desk.errors import DeskError
from bot.storage import sessions
from bot.storage.sessions import Session

COOKIE = "desk_session"
BEFORE = "desk_before"  # carries the token of the login form, before there is a session
FIELD, HEADER = "csrf", "X-CSRF-Token"
ROTATE_AFTER = 900.0  # seconds after which a session gets a new token
SEEN_EVERY = 60.0  # seconds between two notes that the person is there
TOKEN_BYTES = 32


class Refused(DeskError):
    """The request is not allowed; ``code`` is the key of the sentence that says why."""

    def __init__(self, code: str, status: int = 403) -> None:
        super().__init__(f"refused: {code}")
        self.code = code
        self.status = status


def digest(token: str) -> str:
    """Give what stands in the database for a token: who reads the database cannot log in with it."""
    return sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Give a token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Guarded:
    """A route's handler behind its guard. ``route`` is what it declares."""

    def __init__(self, route: Route) -> None:
        self.route = route

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Handle the request if it is admitted. Raises ``Refused``, or leads to the login page."""
        token = request.cookies.get(COOKIE, "")
        session = await _session(request, token) if token else None
        if session:
            request[SESSION] = session
        if self.route.roles is not None:
            self._admit(request, session)
        if self.route.changes:
            await _check_token(request, session)
        response = await self.route.handler(request)
        # What the page asks by itself keeps nobody in: an unattended list would never log out.
        quiet = self.route.quiet or "X-Refresh" in request.headers
        if session and not quiet and self.route.roles is not None:
            await _keep_alive(request, response, session)
        return response

    def _admit(self, request: web.Request, session: Session | None) -> None:
        if session is None:
            if wants_page(request):
                raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs)}")
            raise Refused("log_in", 401)
        if not self.route.admits(session.account.role):
            raise Refused("wrong_role")
        if session.account.must_change and not self.route.unfinished:
            if wants_page(request):
                raise web.HTTPSeeOther("/password")
            raise Refused("choose_password")


async def _session(request: web.Request, token: str) -> Session | None:
    known = services(request)
    hashed, now = digest(token), known.clock()
    return await known.database.read(lambda c: sessions.find(c, hashed, now))


async def _check_token(request: web.Request, session: Session | None) -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused("csrf")
    expected = session.csrf if session else request.cookies.get(BEFORE, "")
    given = request.headers.get(HEADER)
    if given is None and request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        field = (await request.post()).get(FIELD)
        given = field if isinstance(field, str) else None
    if not expected or not given or not hmac.compare_digest(expected.encode(), given.encode()):
        raise Refused("csrf")


async def _keep_alive(request: web.Request, response: web.StreamResponse, session: Session) -> None:
    """Note that the person is there, and give the session a new token from time to time."""
    known = services(request)
    now = known.clock()
    if response.prepared:
        return
    if wants_page(request) and now - session.rotated_at > ROTATE_AFTER:
        token = new_token()
        done = await known.database.write(lambda c: sessions.rotate(c, session.token, digest(token), now))
        if done:
            give_cookie(request, response, COOKIE, token)
    elif now - session.seen_at > SEEN_EVERY:
        await known.database.write(lambda c: sessions.seen(c, session.token, now))


def give_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send."""
    secure = is_secure(request)
    response.set_cookie(name, value, path="/", httponly=True, secure=secure, samesite="Lax")


def is_secure(request: web.Request) -> bool:
    """Say whether the browser came over TLS, here or at a trusted proxy."""
    trusted = services(request).settings.trusted_proxies
    if is_trusted_peer(request, trusted):
        return request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
    return bool(request.secure)


def wants_page(request: web.Request) -> bool:
    """Say whether a person waits for a page, and not a script for data."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")
