"""Who is logged in: sessions known by the digest of a token, replaced from time to time, ended by time."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.accounts import Account
from bot.storage.account_tables import accounts, sessions
from bot.storage.accounts import account_of

s = sessions.c
LONGEST = 12 * 3600.0  # seconds that a session lasts, however busy
IDLE = 3600.0  # seconds without a request of the person's own
OLD_TOKEN = 60.0  # seconds that a replaced token is still honoured


@dataclass(frozen=True)
class Session:
    """One session: who it is, the token that forms must carry, and its times (seconds, UTC)."""

    token: str
    account: Account
    csrf: str
    created_at: float
    seen_at: float
    rotated_at: float


def begin(connection: Connection, token: str, account: int, csrf: str, now: float) -> None:
    """Begin a session under the digest of a token."""
    values = {"token": token, "account_id": account, "csrf": csrf}
    connection.execute(
        sa.insert(sessions).values(created_at=now, seen_at=now, rotated_at=now, previous=None, **values)
    )


def find(connection: Connection, token: str, now: float) -> Session | None:
    """Give the session of a token, unless it has ended or its account is disabled."""
    query = (
        sa.select(sessions, accounts)
        .select_from(sessions.join(accounts))
        .where(
            sa.or_(s.token == token, sa.and_(s.previous == token, s.rotated_at > now - OLD_TOKEN)),
            s.created_at > now - LONGEST,
            s.seen_at > now - IDLE,
            accounts.c.disabled.is_(False),
        )
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    account = account_of(_Named({column.name: row[column] for column in accounts.c}))
    return Session(row[s.token], account, row[s.csrf], row[s.created_at], row[s.seen_at], row[s.rotated_at])


def stands(connection: Connection, csrf: str, now: float) -> bool:
    """Say whether the session with this form token has not ended."""
    query = sa.select(s.token).where(s.csrf == csrf, s.created_at > now - LONGEST, s.seen_at > now - IDLE)
    return connection.execute(query).one_or_none() is not None


class _Named:
    """The columns of one of two joined tables, by name."""

    def __init__(self, values: dict[str, object]) -> None:
        self.__dict__.update(values)


def seen(connection: Connection, token: str, now: float) -> None:
    """Note that the person is there."""
    connection.execute(sa.update(sessions).where(s.token == token).values(seen_at=now))


def rotate(connection: Connection, token: str, new: str, now: float) -> bool:
    """Put a new token in place of one; ``False``: another request was faster."""
    change = sa.update(sessions).where(s.token == token)
    return bool(
        connection.execute(change.values(token=new, previous=token, rotated_at=now, seen_at=now)).rowcount
    )


def end(connection: Connection, token: str) -> None:
    """End a session."""
    connection.execute(sa.delete(sessions).where(s.token == token))


def clear(connection: Connection, now: float) -> None:
    """Remove the sessions that have ended by time."""
    gone = sa.or_(s.created_at <= now - LONGEST, s.seen_at <= now - IDLE)
    connection.execute(sa.delete(sessions).where(gone))
