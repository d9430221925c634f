"""Logging in and out, and choosing a password."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from bot.console.guard import Refused, digest, new_token
from bot.console.services import Services
from bot.desk.accounts import Account, AccountError, check_password
from bot.desk.audit import Deed
from bot.storage import accounts, audit_log, sessions
from bot.storage.accounts import Known

HASHES_AT_ONCE = 2  # each takes 64 MiB


@dataclass(frozen=True)
class Entered:
    """Somebody is in: the token of the new session, and who it is."""

    token: str
    account: Account


class Locked(Refused):
    """Too many failures; ``seconds`` is how long nobody may try."""

    def __init__(self, seconds: float) -> None:
        super().__init__("locked", 429)
        self.seconds = seconds


class Logins:
    """The use cases of logging in. Hashing happens in threads, a few at a time."""

    def __init__(self, known: Services) -> None:
        self._known = known
        self._slots = asyncio.Semaphore(HASHES_AT_ONCE)

    async def enter(self, login: str, password: str) -> Entered:
        """Log somebody in. Raises ``Refused``, whether or not the login is known, and ``Locked``."""
        known, login = self._known, login.strip().lower()
        key = known.secret.digest("login", login)
        found, until = await known.database.read(
            lambda c: (accounts.known(c, login), accounts.locked_until(c, key))
        )
        if until > known.clock():
            raise Locked(until - known.clock())
        right = await self._check(found, password)
        token = new_token()
        outcome = await known.database.write(
            lambda c: self._note(c, key, found if right else None, found, token)
        )
        if isinstance(outcome, float):
            raise Locked(outcome) if outcome else Refused("login_failed", 401)
        if found and known.passwords.is_old(found.password):
            await self._strengthen(outcome, password)
        return Entered(token, outcome)

    async def _strengthen(self, account: Account, password: str) -> None:
        """Hash a password anew whose hash is weaker than those that are made today."""
        async with self._slots:
            hashed = await asyncio.to_thread(self._known.passwords.hash, password)
        await self._known.database.write(lambda c: accounts.rehash(c, account.id, hashed))

    async def _check(self, found: Known | None, password: str) -> bool:
        """Check a password; one that somebody else made serves for some days only."""
        usable = found is not None and not found.account.disabled
        if found and found.password_until is not None and found.password_until < self._known.clock():
            usable = False
        hashed = found.password if found and usable else None
        async with self._slots:
            return await asyncio.to_thread(self._known.passwords.check, hashed, password[:1024])

    def _note(
        self, connection: Connection, key: str, right: Known | None, known: Known | None, token: str
    ) -> Account | float:
        """Commit what came of it: the account, or for how long nobody may try again."""
        now = self._known.clock()
        until = accounts.locked_until(connection, key)
        if until > now:  # another attempt, under way at the same time, has locked it
            return until - now
        if right is None:
            until = accounts.failed(connection, key, now)
            # A login that nobody has is not written down: people type passwords into the wrong field.
            who = known.account if known else None
            actor, role = (who.login, who.role.value) if who else ("?", "")
            deed = Deed(actor, role, "login_failed", detail={"locked": until > now})
            audit_log.append(connection, deed, now, self._known.secret.digest)
            return max(0.0, until - now)
        account = right.account
        accounts.succeeded(connection, key, account.id, now)
        sessions.clear(connection, now)
        sessions.begin(connection, digest(token), account.id, new_token(), now)
        self._known.log(connection, account, "login")
        return account

    async def leave(self, token: str, account: Account) -> None:
        """Log out."""

        def work(connection: Connection) -> None:
            sessions.end(connection, token)
            self._known.log(connection, account, "logout")

        await self._known.database.write(work)

    async def choose(self, account: Account, old: str, new: str) -> Entered:
        """Change one's own password; every session ends and a new one begins. Raises ``AccountError``."""
        check_password(new, account.login)
        if new == old:
            raise AccountError("password_same")
        found = await self._known.database.read(lambda c: accounts.known(c, account.login))
        if not await self._check(found, old):
            raise AccountError("password_wrong")
        async with self._slots:
            hashed = await asyncio.to_thread(self._known.passwords.hash, new)
        token = new_token()

        def work(connection: Connection) -> None:
            accounts.set_password(connection, account.id, hashed, None)
            sessions.begin(connection, digest(token), account.id, new_token(), self._known.clock())
            self._known.log(connection, account, "password_changed")

        await self._known.database.write(work)
        return Entered(token, account)
