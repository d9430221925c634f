"""The tables of what channels keep: notes for themselves, and pictures for staff."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Text

from bot.storage.tables import Id, Seconds
from bot.storage.tables import metadata as metadata

# `subject` is the pseudonym of the sender whom the note is about, or empty: notes about somebody go when
# their data is deleted. A note whose `until` is past holds no longer, and is swept away some time later.
notes = Table(
    "notes",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("value", Text, nullable=False),
    Column("until", Seconds, nullable=False),
    Index("ix_notes_until", "until"),
)

# A picture goes with what was typed: both are as they came, with nothing masked.
pictures = Table(
    "pictures",
    metadata,
    Column("inbox_id", Id, ForeignKey("inbox.id"), primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", Seconds, nullable=False),
)
