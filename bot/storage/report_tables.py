"""The tables behind the reports: corrections, registers, published figures. Times are seconds, UTC."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.tables import Id, Seconds
from bot.storage.tables import metadata as metadata

# What was changed in an enquiry after it was logged: append-only, so that a figure that was published
# before the change can still be proven. `old` and `new` hold the values of the columns that changed.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("enquiry_id", Id, ForeignKey("enquiries.inbox_id"), nullable=False),
    Column("old", JSON, nullable=False),
    Column("new", JSON, nullable=False),
    Column("by", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Seconds, nullable=False),
    Index("ix_corrections_enquiry", "enquiry_id"),
    Index("ix_corrections_at", "at"),
    sqlite_autoincrement=True,
)

# What reached the bureau outside the chat, one row each. The row is what the events say, kept so that it
# can be counted; `void` marks what was registered by mistake. `received_on` and the other days are in the
# bureau's time zone; `quantity` counts questions in an on-air session, else 1.
register_cases = Table(
    "register_cases",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("registered_at", Seconds, nullable=False),
    Column("registered_by", String(128), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("section_id", String(64)),
    Column("topic", String(32)),
    Column("entry_id", String(128)),
    Column("category", String(64)),
    Column("applicant", String(32)),
    Column("stage", String(32), nullable=False),
    Column("outcome", String(32)),
    Column("finished_on", Date),
    Column("due_on", Date),
    Column("quantity", Integer, nullable=False),
    Column("void", Boolean(create_constraint=False), nullable=False),
    Index("ix_register_cases_kind", "kind", "received_on"),
    sqlite_autoincrement=True,
)

# Everything that was done to a case: append-only. `content` holds no personal data.
register_events = Table(
    "register_events",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("register_cases.id"), nullable=False),
    Column("step", String(32), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("content", JSON, nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", Seconds, nullable=False),
    Index("ix_register_events_case", "case_id", "id"),
    sqlite_autoincrement=True,
)

# What identifies the person behind a case, apart from everything that is counted, so that it can go.
register_people = Table(
    "register_people",
    metadata,
    Column("case_id", Id, ForeignKey("register_cases.id"), primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("contact", Text),
    Column("identity", Text),
    Column("text", Text),
)

# Figures that have left the house: the whole table as it was told, and the definition it was made by.
published_figures = Table(
    "published_figures",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("statistic", String(64), nullable=False),
    Column("definition", JSON, nullable=False),
    Column("version", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("section_id", String(64)),
    Column("figures", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", Seconds, nullable=False),
    sqlite_autoincrement=True,
)

# Figures of the yearly form that come from elsewhere (permits decided, fees taken): append-only, the
# newest row of a cell holds. `basis` says where the figure comes from.
form_figures = Table(
    "form_figures",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("year", Integer, nullable=False),
    Column("cell", String(64), nullable=False),
    Column("value", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", Seconds, nullable=False),
    Index("ix_form_figures_year", "year", "cell"),
    sqlite_autoincrement=True,
)
