"""Notes: what a channel keeps for itself, each for a time."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from bot.storage.channel_tables import notes

n = notes.c
_KEY = (n.channel == bindparam("of"), n.subject == bindparam("about"), n.name == bindparam("called"))
_PUT = """
    INSERT INTO notes (channel, subject, name, value, until) VALUES (:of, :about, :called, :value, :until)
    ON CONFLICT (channel, subject, name) DO UPDATE SET value = excluded.value, until = excluded.until
    """
_REPLACE = text(_PUT)
_CLAIM = text(f"{_PUT} WHERE notes.until <= :now RETURNING value")
_GET = sa.select(n.value).where(*_KEY, n.until > bindparam("now"))
_DROP = sa.delete(notes).where(*_KEY)
_SWEEP = sa.delete(notes).where(n.until <= bindparam("now"))
_FORGET = sa.delete(notes).where(n.channel == bindparam("of"), n.subject == bindparam("about"))


@dataclass(frozen=True)
class Place:
    """Where a note stands: ``about`` is a pseudonym, or empty."""

    channel: str
    about: str
    name: str

    @property
    def values(self) -> dict[str, str]:
        """The parameters that name it."""
        return {"of": self.channel, "about": self.about, "called": self.name}


def get(connection: Connection, place: Place, now: float) -> str | None:
    """Give a note that still holds."""
    value: str | None = connection.execute(_GET, {**place.values, "now": now}).scalar_one_or_none()
    return value


def put(connection: Connection, place: Place, value: str, until: float) -> None:
    """Keep a note until then, instead of the one there was."""
    connection.execute(_REPLACE, {**place.values, "value": value, "until": until})


def claim(connection: Connection, place: Place, value: str, until: float, now: float) -> str:
    """Keep a note unless one holds; give the one that holds."""
    values = {**place.values, "value": value, "until": until, "now": now}
    if connection.execute(_CLAIM, values).first() is not None:
        return value
    return get(connection, place, now) or value


def drop(connection: Connection, place: Place) -> None:
    """Remove a note."""
    connection.execute(_DROP, place.values)


def forget(connection: Connection, channel: str, about: str) -> None:
    """Remove all notes about somebody."""
    connection.execute(_FORGET, {"of": channel, "about": about})


def sweep(connection: Connection, now: float) -> None:
    """Remove what holds no longer."""
    connection.execute(_SWEEP, {"now": now})
