"""Runs the migrations on the connection that the caller holds, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from bot.storage import channel_tables, report_tables
from bot.storage.tables import metadata

# The modules that define tables are imported for what they add to the metadata.
assert channel_tables.metadata is report_tables.metadata is metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
