"""The pages of the console. Each module declares its addresses in ``ROUTES``."""

from __future__ import annotations

from bot.console.pages import accounts, audit, events, files, helping, login
from bot.console.routes import Route

ROUTES: tuple[Route, ...] = (
    *login.ROUTES,
    *accounts.ROUTES,
    *audit.ROUTES,
    *helping.ROUTES,
    *events.ROUTES,
    *files.ROUTES,
)
