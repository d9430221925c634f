"""All tables together, for the migrations and whoever must know every table."""

from bot.storage import (
    account_tables,
    channel_tables,
    handoff_tables,
    improvement_tables,
    report_tables,
    tables,
)

# Each module of tables stands here: importing it adds its tables to the metadata.
MODULES = (tables, account_tables, channel_tables, handoff_tables, improvement_tables, report_tables)
metadata = tables.metadata
