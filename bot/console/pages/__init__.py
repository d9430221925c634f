"""The pages of the console. Each module declares its addresses in ``ROUTES``."""

from __future__ import annotations

from bot.console.pages import (
    accounts,
    annual,
    audit,
    contacts,
    events,
    files,
    handoff,
    handoffs,
    helping,
    improve,
    login,
    pictures,
    registers,
    statistics,
)
from bot.console.routes import Route

ROUTES: tuple[Route, ...] = (
    *login.ROUTES,
    *statistics.ROUTES,
    *registers.ROUTES,
    *annual.ROUTES,
    *handoffs.ROUTES,
    *handoff.ROUTES,
    *pictures.ROUTES,
    *improve.ROUTES,
    *contacts.ROUTES,
    *accounts.ROUTES,
    *audit.ROUTES,
    *helping.ROUTES,
    *events.ROUTES,
    *files.ROUTES,
)
