"""The tables behind better answers: doubts about answers, proposals, and what was published from them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text

from bot.storage.tables import Id, Seconds
from bot.storage.tables import metadata as metadata

# 「这条答复不对」: what staff said of an answer of the bot. `inbox_id` is the message that it answered.
doubts = Table(
    "doubts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("inbox_id", Id, ForeignKey("inbox.id"), nullable=False),
    Column("outbox_id", Id, ForeignKey("outbox.id"), nullable=False, unique=True),
    Column("remark", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Seconds, nullable=False),
    sqlite_autoincrement=True,
)

# A change of the catalogue that somebody proposes and somebody else reviews for secrecy (保密审查).
# `content` is {"questions": [...]} or {"document": {...}, "questions": [...]}; `sources` are the enquiries it
# comes from.
proposals = Table(
    "proposals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("entry_id", String(128), nullable=False),
    Column("content", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("author", String(64), nullable=False),
    Column("at", Seconds, nullable=False),
    Column("reviewer", String(64)),
    Column("opinion", Text),
    Column("reviewed_at", Seconds),
    Index("ix_proposals_state", "state", "id"),
    sqlite_autoincrement=True,
)

# Enquiries that a proposal has taken care of, or that somebody has set aside: they stand in no cluster.
settled = Table(
    "settled",
    metadata,
    Column("inbox_id", Id, ForeignKey("inbox.id"), primary_key=True, autoincrement=False),
    Column("proposal_id", Id, ForeignKey("proposals.id")),
    Column("by", String(64), nullable=False),
    Column("at", Seconds, nullable=False),
)

# What was published, in order: every machine brings its files to this state. `undoes` names the revision
# that a rollback takes back.
revisions = Table(
    "revisions",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=True),
    Column("proposal_id", Id, ForeignKey("proposals.id"), nullable=False),
    Column("undoes", Id, ForeignKey("revisions.number"), unique=True),
    Column("by", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Seconds, nullable=False),
    Index("ix_revisions_proposal", "proposal_id"),
    sqlite_autoincrement=True,
)
