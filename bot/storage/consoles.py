"""The staff consoles that run: where each is reached, and when it was last seen."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.storage.account_tables import consoles

_SEEN = sa.text(
    "INSERT INTO consoles (owner, url, seen_at) VALUES (:owner, :url, :now) "
    "ON CONFLICT (owner) DO UPDATE SET url = excluded.url, seen_at = excluded.seen_at"
)
FORGOTTEN = 86400.0  # seconds after which one that never signed off is no longer told of


def show(connection: Connection, owner: str, url: str, now: float) -> None:
    """Show that a console lives; those of the same address that were before it are gone."""
    c = consoles.c
    gone = sa.or_(c.seen_at < now - FORGOTTEN, sa.and_(c.url == url, c.owner != owner))
    connection.execute(sa.delete(consoles).where(gone))
    connection.execute(_SEEN, {"owner": owner, "url": url, "now": now})


def leave(connection: Connection, owner: str) -> None:
    """Remove a console that is no more."""
    connection.execute(sa.delete(consoles).where(consoles.c.owner == owner))


def present(connection: Connection) -> list[tuple[str, float]]:
    """Give address and when it was last seen (seconds, UTC) of each console."""
    rows = connection.execute(sa.select(consoles.c.url, consoles.c.seen_at).order_by(consoles.c.url))
    return [(row.url, row.seen_at) for row in rows]
