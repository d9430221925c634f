"""The staff's accounts, and the failures to log in to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.accounts import Account, AccountError, lock_after
from bot.desk.staff import WORKING, Role
from bot.storage.account_tables import accounts, attempts, sessions

a, t = accounts.c, attempts.c
_FAILED = sa.text(
    "INSERT INTO attempts (key, failures, locked_until, last_at) VALUES (:key, 1, 0, :now) "
    "ON CONFLICT (key) DO UPDATE SET failures = attempts.failures + 1, last_at = excluded.last_at "
    "RETURNING failures"
)


@dataclass(frozen=True)
class Known:
    """An account with the hash of its password and, if it was made by another, until when it serves."""

    account: Account
    password: str
    password_until: float | None


def add(connection: Connection, account: Account, password: str, until: float, now: float) -> Account:
    """Add an account with a hashed one-time password. Raises ``AccountError`` when the login is taken."""
    if known(connection, account.login):
        raise AccountError("login_taken")
    values = {
        "login": account.login,
        "post": account.post,
        "role": account.role.value,
        "section_id": account.section,
        "password": password,
        "must_change": True,
        "password_until": until,
        "disabled": False,
        "created_at": now,
    }
    connection.execute(sa.insert(accounts).values(**values))
    found = known(connection, account.login)
    assert found is not None
    return found.account


def known(connection: Connection, login: str) -> Known | None:
    """Give the account with this login."""
    row = connection.execute(sa.select(accounts).where(a.login == login)).one_or_none()
    return Known(account_of(row), row.password, row.password_until) if row is not None else None


def by_id(connection: Connection, key: int) -> Account | None:
    """Give the account with this id."""
    row = connection.execute(sa.select(accounts).where(a.id == key)).one_or_none()
    return account_of(row) if row is not None else None


def every(connection: Connection) -> list[Account]:
    """Give all accounts, by login."""
    return [account_of(row) for row in connection.execute(sa.select(accounts).order_by(a.login))]


def change(connection: Connection, account: Account) -> None:
    """Write post, role, section and whether the account is disabled.

    Whoever may do less or other things than before is logged out: pages and streams of theirs end.
    """
    before = by_id(connection, account.id)
    values = {
        "post": account.post,
        "role": account.role.value,
        "section_id": account.section,
        "disabled": account.disabled,
    }
    connection.execute(sa.update(accounts).where(a.id == account.id).values(**values))
    same = before and (before.role, before.section) == (account.role, account.section)
    if account.disabled or not same:
        connection.execute(sa.delete(sessions).where(sessions.c.account_id == account.id))


def set_password(connection: Connection, key: int, password: str, until: float | None) -> None:
    """Write the hash of a password; ``until`` when somebody else made it. All sessions end."""
    values = {"password": password, "must_change": until is not None, "password_until": until}
    connection.execute(sa.update(accounts).where(a.id == key).values(**values))
    connection.execute(sa.delete(sessions).where(sessions.c.account_id == key))


def rehash(connection: Connection, key: int, password: str) -> None:
    """Write another hash of the same password."""
    connection.execute(sa.update(accounts).where(a.id == key).values(password=password))


def working(connection: Connection) -> list[Account]:
    """Give the accounts that work on enquiries and are not disabled, by section and login."""
    roles = [role.value for role in WORKING]
    query = sa.select(accounts).where(a.role.in_(roles), a.disabled.is_(False))
    return [account_of(row) for row in connection.execute(query.order_by(a.section_id, a.login))]


def locked_until(connection: Connection, key: str) -> float:
    """Give until when nobody may try this login; 0 when it is open. ``key`` is a digest of the login."""
    found = connection.execute(sa.select(t.locked_until).where(t.key == key)).scalar()
    return float(found or 0.0)


def failed(connection: Connection, key: str, now: float) -> float:
    """Count a failure and give until when the login is locked now."""
    failures = connection.execute(_FAILED, {"key": key, "now": now}).scalar_one()
    lock = lock_after(failures)
    until = now + lock if lock else 0.0
    connection.execute(sa.update(attempts).where(t.key == key).values(locked_until=until))
    return until


def succeeded(connection: Connection, key: str, account: int, now: float) -> None:
    """Forget the failures of a login."""
    connection.execute(sa.delete(attempts).where(t.key == key))
    connection.execute(sa.update(accounts).where(a.id == account).values(seen_at=now))


def forget_failures(connection: Connection, before: float) -> None:
    """Forget failures whose last was before that moment: logins that nobody has would pile up."""
    connection.execute(sa.delete(attempts).where(t.last_at < before))


def account_of(row: Any) -> Account:
    """Give the account of a row."""
    return Account(
        id=row.id,
        login=row.login,
        post=row.post,
        role=Role(row.role),
        section=row.section_id,
        must_change=row.must_change,
        disabled=row.disabled,
        seen_at=row.seen_at,
    )
