"""Corrections, registers, published figures, and the section of an enquiry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SECONDS = sa.Float(precision=53)


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "form_figures",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_figures")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_form_figures_year", "form_figures", ["year", "cell"], unique=False)
    op.create_table(
        "published_figures",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("statistic", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("section_id", sa.String(length=64), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figures")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "register_cases",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("registered_at", SECONDS, nullable=False),
        sa.Column("registered_by", sa.String(length=128), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("section_id", sa.String(length=64), nullable=True),
        sa.Column("topic", sa.String(length=32), nullable=True),
        sa.Column("entry_id", sa.String(length=128), nullable=True),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("applicant", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_register_cases_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_register_cases_kind", "register_cases", ["kind", "received_on"], unique=False)
    op.create_table(
        "register_events",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["register_cases.id"], name=op.f("fk_register_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_register_events_case", "register_events", ["case_id", "id"], unique=False)
    op.create_table(
        "register_people",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["register_cases.id"], name=op.f("fk_register_people_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_register_people")),
    )
    op.create_table(
        "corrections",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("enquiry_id", ID, nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiries.inbox_id"], name=op.f("fk_corrections_enquiry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_at", "corrections", ["at"], unique=False)
    op.create_index("ix_corrections_enquiry", "corrections", ["enquiry_id"], unique=False)
    op.add_column("enquiries", sa.Column("section_id", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Go one step back."""
    op.drop_column("enquiries", "section_id")
    op.drop_index("ix_corrections_enquiry", table_name="corrections")
    op.drop_index("ix_corrections_at", table_name="corrections")
    op.drop_table("corrections")
    op.drop_table("register_people")
    op.drop_index("ix_register_events_case", table_name="register_events")
    op.drop_table("register_events")
    op.drop_index("ix_register_cases_kind", table_name="register_cases")
    op.drop_table("register_cases")
    op.drop_table("published_figures")
    op.drop_index("ix_form_figures_year", table_name="form_figures")
    op.drop_table("form_figures")
