"""What was published can be proven: corrections show as such, tampering shows as a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.desk.handoffs import CloseOutcome, Handoff, apply
from bot.desk.handoffs import commands as c
from bot.desk.staff import Person, Role
from bot.desk.statistics import Scope
from bot.desk.working_days import Calendar, Year
from bot.reports.audit import Finding, Verdict, check_now, check_published
from bot.storage import handoffs, published
from bot.storage.calendar_files import load_calendar
from bot.storage.corrections import correct_enquiry
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.report_tables import published_figures, register_cases
from bot.storage.statistic_files import load_statistics
from bot.storage.tables import enquiries
from bot.storage.tables import handoffs as handoff_rows
from tests.conversing import DATA
from tests.reports.histories import fill, history, rules_for

DEFINITION = load_statistics(DATA)["by-outcome"]
SCOPE = Scope(date(2024, 1, 1), date(2024, 12, 31), date(2025, 7, 1))
LATER = 1_760_000_000.0
CALENDAR = load_calendar(DATA)
# The half-year whose calendar is shipped.
WORKED = Scope(date(2025, 1, 1), date(2025, 6, 30), date(2025, 10, 9), calendar=CALENDAR)
OF_HANDOFFS = [d for d in load_statistics(DATA).values() if d.of == "handoffs"]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        fill(connection, history(random.Random(11), 400))
        published.publish(connection, DEFINITION, SCOPE, "办公室", LATER)
    yield database
    database.close_now()


def audited(database: Database) -> Finding:
    with database.reading() as connection:
        (told,) = published.all_of_them(connection)
        assert (told.version, told.scope) == (DEFINITION.version, SCOPE)
        return check_published(connection, told, CALENDAR)


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


@pytest.fixture
def told(database: Database) -> Database:
    """Publish every statistic of handoffs, instead of the one of enquiries."""
    with database.writing() as connection:
        connection.execute(sa.delete(published_figures))
        for definition in OF_HANDOFFS:
            published.publish(connection, definition, WORKED, "办公室", LATER)
    return database


def of_handoffs(database: Database, calendar: Calendar = CALENDAR) -> dict[str, Finding]:
    with database.reading() as connection:
        every = published.all_of_them(connection)
        return {one.statistic: check_published(connection, one, calendar) for one in every}


def waiting(database: Database) -> Handoff:
    with database.reading() as connection:
        query = sa.select(handoff_rows).where(
            handoff_rows.c.state == "waiting",
            handoff_rows.c.first_answered_at.is_(None),
            handoff_rows.c.opened_at > 1_735_700_000,  # in 2025
        )
        return handoffs.handoff_of(connection.execute(query.order_by(handoff_rows.c.id)).first())


def taken(database: Database, at: float) -> None:
    """Claim, answer and close one that waits."""
    handoff, rules = waiting(database), rules_for(("office", "sme"))
    by = Person("p", "p", handoff.section, frozenset({Role.STAFF}))
    with database.writing() as connection:
        for command in (c.Claim(by, at), c.Answer(by, at), c.Close(by, at, CloseOutcome.ANSWERED)):
            change = apply(handoff, command, rules)
            assert handoffs.save(connection, handoff, change)
            handoff = change.handoff


def test_what_was_published_of_handoffs_is_proven(told: Database) -> None:
    found = of_handoffs(told)
    assert len(found) == len(OF_HANDOFFS) >= 9
    assert {one.verdict for one in found.values()} == {Verdict.PROVEN}


# What is written down after the figures were counted may bear an earlier time: begun before, not yet seen.
@pytest.mark.parametrize("at", [LATER + 60, LATER - 0.5])
def test_later_work_on_a_handoff_shows_as_such(told: Database, at: float) -> None:
    taken(told, at)
    found = of_handoffs(told)
    assert {one.verdict for one in found.values()} == {Verdict.PROVEN, Verdict.CORRECTED}
    assert found["handoffs-by-reason"].verdict is Verdict.PROVEN
    assert found["handoffs-in-time"].verdict is Verdict.PROVEN  # overdue before and after
    # The claim, the answer, the end, and the mark that it was late if nobody had looked before.
    found = {name: found[name] for name in ("handoffs-by-outcome", "staff-reply-times")}
    assert {(f.verdict, f.corrections in (3, 4)) for f in found.values()} == {(Verdict.CORRECTED, True)}


@pytest.mark.parametrize("statistic", ["satisfaction", "cases-by-kind"])
def test_a_row_that_is_not_what_its_events_say_shows_as_a_fault(told: Database, statistic: str) -> None:
    definition = load_statistics(DATA)[statistic]
    changed = {"satisfaction": sa.update(handoff_rows).values(satisfaction=5)}
    changed["cases-by-kind"] = sa.update(register_cases).values(kind="telephone")
    with told.writing() as connection:
        connection.execute(changed[statistic])
    with told.reading() as connection:
        (found,) = check_now(connection, {statistic: definition}, SCOPE)
    assert found.verdict is Verdict.WRONG
    assert of_handoffs(told)["satisfaction"].verdict is Verdict.PROVEN  # what was told still is


def test_working_days_are_proven_by_the_calendar_of_then(told: Database) -> None:
    """A calendar that is corrected later changes what is counted now, and nothing that was told."""
    rest = frozenset(date(2025, 1, 1) + timedelta(n) for n in range(365))
    corrected = Calendar([*CALENDAR.arranged, Year(2025, rest, frozenset())])
    found = of_handoffs(told, corrected)
    assert found["staff-reply-times"].verdict is Verdict.CORRECTED
    assert found["transfers"].verdict is Verdict.PROVEN
