"""The table of what channels keep for themselves."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from bot.storage.tables import Seconds
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
