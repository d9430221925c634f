"""The tables: one definition for SQLite and PostgreSQL. Times are seconds since the epoch, UTC."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy import false as sa_false

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts only a plain INTEGER key up by itself.
Id = BigInteger().with_variant(Integer(), "sqlite")
Seconds = Float(53)

# One enquirer on one channel. `sender` is the platform's name for them, and goes when they ask for it;
# `enquirer` is the pseudonym that stays. The lease says which dispatcher works on the conversation, the
# send lease which sender delivers to it. `send_left` and `send_before` are how many messages the platform
# still takes and until when; none is no limit.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("enquirer", String(64), nullable=False),
    Column("sender", Text),
    Column("context", JSON, nullable=False),
    Column("turns", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Seconds, nullable=False),
    Column("last_at", Seconds, nullable=False),
    Column("lease_owner", String(160)),
    Column("lease_until", Seconds, nullable=False, server_default=text("0")),
    Column("send_owner", String(128)),
    Column("send_until", Seconds, nullable=False, server_default=text("0")),
    Column("enquiry_id", Id),
    Column("enquiry_outcome", String(32)),
    Column("enquiry_at", Seconds),
    Column("send_left", Integer),
    Column("send_before", Seconds),
)

# An index over some rows is used only where the query says which in the same words, so they are said here.
IS_PENDING = text("inbox.state = 'pending'")
IS_UNSENT = text("outbox.state <> 'sent'")
IS_DUE = text("outbox.state <> 'sent' AND outbox.state = 'waiting' AND outbox.next_at IS NOT NULL")
IS_DOUBTFUL = text("outbox.doubtful")
IS_OPEN = text("handoffs.state <> 'closed'")

# Every message that was acknowledged. `text` is what was typed and is read by staff only; everything else
# reads `masked`. `result` is kept so that a repeat gets the same answer. AUTOINCREMENT: an id whose row was
# deleted must never be given again, for receipt numbers are made of it.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("conversation_id", String(128), ForeignKey("conversations.id"), nullable=False),
    Column("message_id", String(256), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("text", Text),
    Column("masked", Text),
    Column("digest", String(64), nullable=False),
    Column("sent_at", Seconds, nullable=False),
    Column("received_at", Seconds, nullable=False),
    Column("state", String(16), nullable=False),
    Column("result", JSON),
    Column("finished_at", Seconds),
    UniqueConstraint("conversation_id", "message_id"),
    Index("ix_inbox_conversation", "conversation_id", "id"),
    Index(
        "ix_inbox_pending",
        "conversation_id",
        "id",
        postgresql_where=text("state = 'pending'"),
        sqlite_where=text("state = 'pending'"),
    ),
    sqlite_autoincrement=True,
)

# Every reply, of the bot and of staff, in the order of `id` within a conversation. `next_at` is when the
# sender tries (again); none means that the recipient fetches it, or that it is held until they write again
# or cannot be delivered. `in_flight` stands while an attempt runs:
# found standing after a crash it makes the reply `doubtful`, for it may have arrived.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("conversation_id", String(128), ForeignKey("conversations.id"), nullable=False),
    Column("inbox_id", Id, ForeignKey("inbox.id")),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("quick_replies", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("in_flight", Boolean(create_constraint=False), nullable=False),
    Column("doubtful", Boolean(create_constraint=False), nullable=False),
    Column("next_at", Seconds),
    Column("created_at", Seconds, nullable=False),
    Column("sent_at", Seconds),
    Index("ix_outbox_conversation", "conversation_id", "id"),
    Index(
        "ix_outbox_unsent",
        "conversation_id",
        "id",
        postgresql_where=text("state <> 'sent'"),
        sqlite_where=text("state <> 'sent'"),
    ),
    Index("ix_outbox_doubtful", "id", postgresql_where=text("doubtful"), sqlite_where=text("doubtful")),
    Index("ix_outbox_inbox", "inbox_id"),
    sqlite_autoincrement=True,
)

# One question put to the bureau; its key is the message that put it, so that it is counted once.
# `day` is the day in the bureau's time zone. `continues` names the enquiry that this turn clarifies.
# `section_id` is the section that answers for the first entry. Changed by `corrections.py` only.
enquiries = Table(
    "enquiries",
    metadata,
    Column("inbox_id", Id, ForeignKey("inbox.id"), primary_key=True, autoincrement=False),
    Column("conversation_id", String(128), ForeignKey("conversations.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("enquirer", String(64), nullable=False),
    Column("at", Seconds, nullable=False),
    Column("day", Date, nullable=False),
    Column("topic", String(32)),
    Column("entry_id", String(128)),
    Column("entry_code", String(32)),
    Column("entries", JSON, nullable=False),
    Column("facets", JSON, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("confidence", Seconds, nullable=False),
    Column("response_ms", Integer, nullable=False),
    Column("continues", Id),
    Column("section_id", String(64)),
    Column("explanation", JSON, nullable=False),
    Index("ix_enquiries_day", "day", "inbox_id"),
    # With the day and the section of a report's scope, so that people are counted in the order of an index.
    Index("ix_enquiries_conversation", "conversation_id", "day", "section_id"),
    Index("ix_enquiries_enquirer", "enquirer", "day", "section_id"),
)

# An enquiry with staff. `section_id` is the one section that is responsible, `person_id` the one person once
# it is claimed. `version` grows with every change, and a change is written only over the version it was
# made from: so two people cannot both win. `transfer` is what was offered to another section, whose id
# stands in `transfer_to` as well.
handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("number", String(32), nullable=False, unique=True),
    Column("conversation_id", String(128), ForeignKey("conversations.id"), nullable=False),
    Column("enquiry_id", Id, ForeignKey("enquiries.inbox_id")),
    Column("reason", String(64), nullable=False),
    Column("section_id", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("opened_at", Seconds, nullable=False),
    Column("closed_at", Seconds),
    Column("entry_id", String(128)),
    Column("about_section_id", String(64)),
    Column("person_id", String(128)),
    Column("first_section_id", String(64)),
    Column("first_person_id", String(128)),
    Column("standing_in_for", String(128)),
    Column("transfer", JSON),
    Column("transfer_to", String(64)),
    Column("transfers", Integer, nullable=False, server_default=text("0")),
    Column("escalated", Boolean(create_constraint=False), nullable=False, server_default=sa_false()),
    Column("kind", String(64), nullable=False, server_default=text("''")),
    Column("received_on", Date),
    Column("extended_by", Integer, nullable=False, server_default=text("0")),
    Column("pauses", JSON),
    Column("due_on", Date),
    Column("warned_for", Date),
    Column("overdue_on", Date),
    Column("first_answered_at", Seconds),
    Column("answered_at", Seconds),
    Column("outcome", String(32)),
    Column("merged_into", String(32)),
    Column("satisfaction", Integer),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Index("ix_handoffs_conversation", "conversation_id"),
    Index(
        "ix_handoffs_open",
        "section_id",
        "id",
        postgresql_where=text("state <> 'closed'"),
        sqlite_where=text("state <> 'closed'"),
    ),
    sqlite_autoincrement=True,
)

# The processes that share the database, and when each last showed that it can write.
gateways = Table(
    "gateways",
    metadata,
    Column("owner", String(128), primary_key=True),
    Column("seen_at", Seconds, nullable=False),
)

# What holds for the deployment as a whole, such as the fingerprint of its secret.
deployment = Table(
    "deployment",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
