"""The route table: every address of the console, with the roles that it admits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.desk.accounts import EVERYONE
from bot.desk.staff import Role

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PUBLIC: frozenset[Role] | None = None


@dataclass(frozen=True)
class Route:
    """One address. ``roles`` are those admitted, ``PUBLIC`` admits the anonymous too.

    ``unfinished``: open to somebody who has yet to choose a password of their own. ``quiet``: a request that
    the page makes by itself, which keeps no session alive.
    """

    method: str
    path: str
    roles: frozenset[Role] | None
    handler: Handler
    unfinished: bool = False
    quiet: bool = False

    @property
    def changes(self) -> bool:
        """Whether a request may change something, and so must carry the form's token."""
        return self.method not in ("GET", "HEAD")

    def admits(self, role: Role | None) -> bool:
        """Say whether this role (``None``: nobody known) may use the address."""
        return self.roles is PUBLIC or (role is not None and role in (self.roles or EVERYONE))
