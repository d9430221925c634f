"""What was published can be proven: corrections show as such, tampering shows as a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from bot.desk.statistics import Scope
from bot.reports.audit import Finding, Verdict, check_now, check_published
from bot.storage import published
from bot.storage.corrections import correct_enquiry
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.report_tables import published_figures
from bot.storage.statistic_files import load_statistics
from bot.storage.tables import enquiries
from tests.conversing import DATA
from tests.reports.histories import fill, history

DEFINITION = load_statistics(DATA)["by-outcome"]
SCOPE = Scope(date(2024, 1, 1), date(2024, 12, 31), date(2025, 7, 1))
LATER = 1_760_000_000.0


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        fill(connection, history(random.Random(11), 400))
        figures = count(connection, DEFINITION, SCOPE)
        published.put(connection, DEFINITION, SCOPE, figures, "办公室", LATER)
    yield database
    database.close_now()


def audited(database: Database) -> Finding:
    with database.reading() as connection:
        (told,) = published.all_of_them(connection)
        assert (told.version, told.scope) == (DEFINITION.version, SCOPE)
        return check_published(connection, told)


def some_enquiry(database: Database) -> int:
    query = sa.select(enquiries.c.inbox_id).where(
        enquiries.c.day >= SCOPE.first, enquiries.c.outcome == "unanswered"
    )
    with database.reading() as connection:
        return int(connection.execute(query).scalars().first())


def test_what_was_published_is_proven(database: Database) -> None:
    assert audited(database).verdict is Verdict.PROVEN


def test_a_later_correction_shows_as_such(database: Database) -> None:
    some = some_enquiry(database)
    for number, outcome in enumerate(("declined", "answered"), 1):
        with database.writing() as connection:
            correct_enquiry(
                connection, some, {"outcome": outcome}, by="zhang", reason="更正", at=LATER + number
            )
    found = audited(database)
    assert (found.verdict, found.corrections) == (Verdict.CORRECTED, 2)
    changed = {d.key: (d.second or 0) - (d.first or 0) for d in found.differences}
    assert changed == {("answered",): 1, ("unanswered",): -1}


def test_a_row_changed_behind_our_back_shows_as_a_fault(database: Database) -> None:
    with database.writing() as connection:
        row = enquiries.c.inbox_id == some_enquiry(database)
        connection.execute(sa.update(enquiries).where(row).values(outcome="answered"))
    found = audited(database)
    assert found.verdict is Verdict.WRONG
    assert {d.key for d in found.differences} == {("answered",), ("unanswered",)}


def test_a_stored_figure_that_was_touched_shows_as_a_fault(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(sa.update(published_figures).values(by="somebody else"))
    assert audited(database).verdict is Verdict.CHANGED


def test_the_present_statistics_are_proven_and_a_wrong_count_is_seen(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions = load_statistics(DATA)
    with database.reading() as connection:
        assert {f.verdict for f in check_now(connection, definitions, SCOPE)} == {Verdict.PROVEN}
        # A count that leaves out what it should not, as a wrong index or a wrong join would.
        monkeypatch.setattr(
            "bot.reports.audit.count",
            lambda c, d, s: count(c, d, replace(s, last=date(2024, 11, 30))),
        )
        found = {f.name: f.verdict for f in check_now(connection, definitions, SCOPE)}
    assert found["by-month"] is Verdict.WRONG
