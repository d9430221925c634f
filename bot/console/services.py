"""What the pages of the console work with, and how they find it on a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import web
from markupsafe import Markup
from sqlalchemy.engine import Connection

from bot.channels.webchat.limits import Limiter
from bot.console.feed import Feed
from bot.console.sharing import Shared
from bot.console.words import Words
from bot.desk.accounts import Account
from bot.desk.audit import Deed
from bot.desk.catalogue import Catalogue
from bot.search.live import LiveSearch
from bot.settings import Settings
from bot.storage import audit_log
from bot.storage.caselist import Page
from bot.storage.casework import Casework
from bot.storage.database import Database
from bot.storage.passwords import Passwords
from bot.storage.publishing import Publisher
from bot.storage.secret import Secret
from bot.storage.sessions import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Listed:
    """A page of the list of handoffs, and what it looks like."""

    page: Page
    html: Markup


@dataclass(frozen=True)
class Services:
    """Everything outside: database, secret, clock, hashes, the catalogue of now, words, news."""

    settings: Settings
    database: Database
    secret: Secret
    clock: Callable[[], float]
    passwords: Passwords
    catalogue: Callable[[], Catalogue]
    search: Callable[[], LiveSearch]
    words: Words
    casework: Callable[[], Casework]
    feed: Feed
    publisher: Publisher
    attempts: Limiter
    lists: Shared[Listed]

    @property
    def data(self) -> Path:
        """The folder of the bureau's data."""
        return self.settings.data

    def log(
        self, connection: Connection, account: Account, action: str, subject: str = "", **detail: object
    ) -> None:
        """Append to the audit log what an account does, in the transaction that does it."""
        deed = Deed(account.login, account.role.value, action, subject, dict(detail))
        audit_log.append(connection, deed, self.clock(), self.secret.digest)


SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
SESSION = web.RequestKey("session", Session)


def services(request: web.Request) -> Services:
    """Give what the pages work with."""
    return request.app[SERVICES]


def account_of(request: web.Request) -> Account:
    """Give who asks. Only for routes that admit no anonymous."""
    return request[SESSION].account
