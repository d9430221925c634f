"""The tables behind handoffs: what happened to each, notes, posts and absences. Times are seconds, UTC."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, String, Table, Text

from bot.storage.tables import Id, Seconds
from bot.storage.tables import metadata as metadata

# Everything that was done to a handoff: append-only, the database itself refuses to change or remove a row.
# The one exception are `words`, what somebody wrote as a reason: they may be emptied when a person is to be
# forgotten. `by_id` is the id of a person; none for the enquirer and the system.
handoff_events = Table(
    "handoff_events",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("handoff_id", Id, ForeignKey("handoffs.id"), nullable=False),
    Column("at", Seconds, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("by_id", String(128)),
    Column("data", JSON, nullable=False),
    Column("words", Text),
    Index("ix_handoff_events_handoff", "handoff_id", "id"),
    Index("ix_handoff_events_at", "at"),
    sqlite_autoincrement=True,
)

# What colleagues wrote down for each other; enquirers never see it.
handoff_notes = Table(
    "handoff_notes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("handoff_id", Id, ForeignKey("handoffs.id"), nullable=False),
    Column("at", Seconds, nullable=False),
    Column("by_id", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_handoff_notes_handoff", "handoff_id", "id"),
    sqlite_autoincrement=True,
)

# Posts with an A and a B (AB 岗); both are ids of people.
posts = Table(
    "posts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("section_id", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("a_id", String(128), nullable=False),
    Column("b_id", String(128)),
)

# Days on which somebody is away, the first and the last included.
absences = Table(
    "absences",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person_id", String(128), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Index("ix_absences_last_day", "last_day"),
    sqlite_autoincrement=True,
)
