"""Runs the migrations on the connection that the caller holds, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from bot.storage.all_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
