"""What holds for the deployment as a whole: its processes that are alive, and the secret they share."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.storage.tables import deployment, gateways

_SEEN = text(
    "INSERT INTO gateways (owner, seen_at) VALUES (:owner, :now) "
    "ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at"
)
_KEEP = text("INSERT INTO deployment (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")


def show(connection: Connection, owner: str, now: float) -> None:
    """Show that this process can write."""
    connection.execute(_SEEN, {"owner": owner, "now": now})


def leave(connection: Connection, owner: str) -> None:
    """Remove a process that is no more."""
    connection.execute(sa.delete(gateways).where(gateways.c.owner == owner))


def present(connection: Connection) -> dict[str, float]:
    """Give when each process was last seen, in seconds, UTC."""
    rows = connection.execute(sa.select(gateways.c.owner, gateways.c.seen_at))
    return {row.owner: row.seen_at for row in rows}


def keep(connection: Connection, name: str, value: str) -> str:
    """Note a value under a name unless there is one; give the one that holds."""
    connection.execute(_KEEP, {"name": name, "value": value})
    query = sa.select(deployment.c.value).where(deployment.c.name == name)
    return str(connection.execute(query).scalar_one())
