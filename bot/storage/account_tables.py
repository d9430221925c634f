"""The tables of the staff's accounts: who may log in, who is logged in, and what each of them did."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from bot.storage.tables import Id, Seconds
from bot.storage.tables import metadata as metadata

# Who may use the console. `post` is what is shown, never a name; `password` is an argon2 hash.
# `password_until` is set for a password that somebody else made: it must be changed before then.
accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("post", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("section_id", String(64)),
    Column("password", Text, nullable=False),
    Column("must_change", Boolean(create_constraint=False), nullable=False),
    Column("password_until", Seconds),
    Column("disabled", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("seen_at", Seconds),
    sqlite_autoincrement=True,
)

# Failures to log in, by a digest of what was typed as login: known or not, so that nobody can tell.
attempts = Table(
    "attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Seconds, nullable=False),
    Column("last_at", Seconds, nullable=False),
)

# Who is logged in. Only the digest of a token stands here; `previous` is honoured for a moment after the
# token was replaced, for requests that were under way.
sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("previous", String(64)),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("seen_at", Seconds, nullable=False),
    Column("rotated_at", Seconds, nullable=False),
    Index("ix_sessions_previous", "previous"),
    Index("ix_sessions_account", "account_id"),
)

# What was done, by whom. Each seal covers the row and the seal before it; triggers refuse any change.
audit_log = Table(
    "audit_log",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("at", Seconds, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", Text, nullable=False),
    Column("seal", String(64), nullable=False),
    Index("ix_audit_log_subject", "subject", "number"),
)

# The staff consoles that share the database: where they are reached, and when each last showed itself.
consoles = Table(
    "consoles",
    metadata,
    Column("owner", String(128), primary_key=True),
    Column("url", Text, nullable=False),
    Column("seen_at", Seconds, nullable=False),
)

# The end of the chain: one row, whose lock keeps writers in line.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Id, nullable=False, server_default=text("0")),
    Column("seal", String(64), nullable=False),
)
