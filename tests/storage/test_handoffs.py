"""Tests of handoffs in the database: racing claims, what use cases write, and what older rows become."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command as alembic

from bot.desk.errors import StorageError
from bot.desk.handoffs import CloseOutcome, Handoff, HandoffError, HandoffState, Refusal, apply, opened
from bot.desk.handoffs import commands as c
from bot.desk.handoffs.sight import sees
from bot.desk.staff import Absence, Person, Post
from bot.desk.statistics import Scope
from bot.storage import caselist, conversations, handoffs, outbox, posts
from bot.storage.caselist import Filter, Order
from bot.storage.casework import Casework, carry_out, look_after, reply
from bot.storage.conversations import Lease, Party
from bot.storage.counted_rows import rows_as_of
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.forgetting import forget
from bot.storage.live_casework import LiveCasework
from bot.storage.migrate import configuration, migrate
from bot.storage.moments import NOW
from bot.storage.overdue import overdue_handoffs
from bot.storage.statistic_files import load_statistics
from tests.desk.handoffs.bureau import (
    ANN,
    AUDITOR,
    BEN,
    CARL,
    CONDUCT,
    ENERGY,
    EVA,
    INVESTMENT,
    OFFICE,
    OTTO,
    ROOT,
    RULES,
    START,
    moment,
    person,
)
from tests.samples import catalogue

DATA = Path(__file__).parents[2] / "data"
T = START + 60
SEPTEMBER = Scope(date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 20))
RACES, RACERS, AT_ONCE = 2_500, 4, 100
"""Ten thousand claims, of which 2,500 may win."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened_ = Database(database_url, timeout=10)
    opened_.open()
    yield opened_
    opened_.close_now()


@pytest.fixture
def work() -> Casework:
    real = LiveCasework(DATA, catalogue)()
    return Casework(RULES, real.telling, real.entry)


def put(database: Database, number: str = "ABCD2345", sender: str = "x", **more: str) -> Handoff:
    """Open a handoff in a conversation of its own."""
    party = Party("webchat", sender, sender)
    with database.writing() as connection:
        conversations.meet(connection, party, Lease("test", 0.0), 1.0)
        reason, about = more.get("reason", "asked_for_person"), more.get("about")
        change = opened(
            number, party.conversation, None, reason, INVESTMENT, START, RULES, "first-set", about
        )
        handoffs.put(connection, change)
    return change.handoff


def said(database: Database) -> list[tuple[str, str]]:
    """Give what the enquirer was told."""
    with database.reading() as connection:
        return [(m.author, m.reply.text) for m in outbox.after(connection, "webchat:x", 0)]


def found(database: Database, number: str = "ABCD2345") -> Handoff:
    """Give the handoff as it stands in the database."""
    with database.reading() as connection:
        handoff = handoffs.by_number(connection, number)
    assert handoff is not None
    return handoff


def test_what_is_written_is_read(database: Database, work: Casework) -> None:
    assert put(database) == found(database)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
        held = c.Reclassify(ANN, T, "disclosure", date(2026, 9, 14))
        carry_out(connection, work, "ABCD2345", held)
        carry_out(connection, work, "ABCD2345", c.Suspend(ANN, T, "征求第三方意见"))
        offered = carry_out(connection, work, "ABCD2345", c.TransferTo(ANN, T, ENERGY, "属于节能"))
    assert offered == found(database)
    with database.reading() as connection:
        kinds = [event.kind.value for event in handoffs.events_of(connection, "ABCD2345")]
    assert kinds == ["opened", "claimed", "reclassified", "suspended", "transferred"]


def test_ten_thousand_racing_claims_have_one_winner_each(database: Database) -> None:
    """All have read the same handoffs before anybody writes; then all claim them, in the same order."""
    put(database)
    numbers = [f"N{n:07}" for n in range(RACES)]
    with database.writing() as connection:
        for number in numbers:
            change = opened(number, "webchat:x", None, "own_case", INVESTMENT, START, RULES)
            handoffs.put(connection, change)
    racers = [person(f"racer{n}", INVESTMENT) for n in range(RACERS)]
    together = threading.Barrier(RACERS)
    won: list[list[str]] = [[] for _ in racers]

    def race(who: int) -> None:
        for at in range(0, RACES, AT_ONCE):
            seen = read(database, numbers[at : at + AT_ONCE])
            together.wait(60)
            won[who] += claimed(database, seen, racers[who])

    threads = [threading.Thread(target=race, args=(n,)) for n in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(number for numbers in won for number in numbers) == Counter(numbers)
    with database.reading() as connection:
        held = {h.number: h.person for h in handoffs.open_ones(connection)}
    assert all(held[number] == racers[who].id for who, mine in enumerate(won) for number in mine)


def read(database: Database, numbers: list[str]) -> list[Handoff]:
    """Give handoffs as they stand now."""
    with database.reading() as connection:
        return [h for number in numbers if (h := handoffs.by_number(connection, number))]


def claimed(database: Database, seen: list[Handoff], by: Person) -> list[str]:
    """Claim what was seen, over just that version; give what was won. A locked database is asked again."""
    while True:
        try:
            with database.writing() as connection:
                changes = [(handoff, apply(handoff, c.Claim(by, T), RULES)) for handoff in seen]
                return [h.number for h, change in changes if handoffs.save(connection, h, change)]
        except StorageError:
            continue


def test_who_comes_second_is_told_that_it_is_taken(database: Database, work: Casework) -> None:
    put(database)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
    with database.writing() as connection, pytest.raises(HandoffError) as caught:
        carry_out(connection, work, "ABCD2345", c.Claim(BEN, T))
    assert caught.value.refusal is Refusal.CLAIMED
    with database.writing() as connection, pytest.raises(HandoffError) as caught:
        carry_out(connection, work, "NOTTHERE", c.Claim(BEN, T))
    assert caught.value.refusal is Refusal.UNKNOWN


def test_events_can_only_be_added(database: Database) -> None:
    put(database)
    for statement in ("UPDATE handoff_events SET by_id = 'x'", "DELETE FROM handoff_events"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            with database.engine.begin() as connection:
                connection.exec_driver_sql(statement)


def test_what_staff_wrote_is_forgotten_and_what_happened_stays(database: Database, work: Casework) -> None:
    put(database)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
        carry_out(connection, work, "ABCD2345", c.Note(ANN, T, "张三的电话"))
        offered = carry_out(connection, work, "ABCD2345", c.TransferTo(ANN, T, ENERGY, "张三要办节能"))
        assert handoffs.events_of(connection, "ABCD2345")[-1].data["reason"] == "张三要办节能"
        assert forget(connection, "webchat:x", T)
        events = handoffs.events_of(connection, "ABCD2345")
    assert [event.kind.value for event in events] == ["opened", "claimed", "noted", "transferred"]
    assert events[-1].data == {"to": ENERGY}
    assert found(database) == replace(offered, transfer=replace(offered.transfer, reason=""))
    with database.reading() as connection:
        dossier = caselist.full_transcript(connection, "ABCD2345")
    assert dossier is not None
    assert dossier.notes == ()


def test_the_enquirer_is_told_who_has_it_where_it_went_and_that_it_is_done(
    database: Database, work: Casework
) -> None:
    put(database)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
        carry_out(connection, work, "ABCD2345", c.Note(ANN, T, "内部备注"))
        carry_out(connection, work, "ABCD2345", c.TransferTo(ANN, T, ENERGY, "属于节能"))
        carry_out(connection, work, "ABCD2345", c.Accept(EVA, T))
        reply(connection, work, "ABCD2345", EVA, "您好,可以申请。", T)
        carry_out(connection, work, "ABCD2345", c.Close(EVA, T, CloseOutcome.ANSWERED))
        carry_out(connection, work, "ABCD2345", c.Reopen(T, "没有解决", EVA))
    authors, told = zip(*said(database), strict=True)
    assert authors == ("bot", "bot", "staff", "bot", "bot")
    assert "接手" in told[0]
    assert "转由" in told[1]
    assert told[2] == "您好,可以申请。"
    assert "打分" in told[3]
    assert "重新打开" in told[4]
    assert not any("内部备注" in text or "姓名" in text or "eva" in text for text in told)
    assert found(database).state is HandoffState.REOPENED


def test_an_empty_reply_is_refused_and_nothing_is_sent(database: Database, work: Casework) -> None:
    put(database)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
    before, told = found(database), said(database)
    with database.writing() as connection, pytest.raises(HandoffError) as caught:
        reply(connection, work, "ABCD2345", ANN, "  ", T)
    assert caught.value.refusal is Refusal.NO_TEXT
    assert (found(database), said(database)) == (before, told)


def test_lists_show_what_fits_and_what_may_be_seen(database: Database, work: Casework) -> None:
    put(database)
    put(database, "ZZZZ2345", "y", reason="complaint", about=ENERGY)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
        carry_out(connection, work, "ABCD2345", c.Note(ANN, T, "对方是 50%_规上企业"))
        carry_out(connection, work, "ABCD2345", c.TransferTo(ANN, T, ENERGY, "属于节能"))

    def numbers(**more: object) -> list[str]:
        with database.reading() as connection:
            page = caselist.list_handoffs(connection, Filter(**more), Order.OLDEST)
        assert page.total == len(page.items)
        return [item.handoff.number for item in page.items]

    assert numbers() == ["ABCD2345", "ZZZZ2345"]
    assert numbers(sections=(ENERGY,)) == ["ABCD2345"]
    assert numbers(hidden_from=ENERGY) == ["ABCD2345"]
    assert numbers(person="ann") == ["ABCD2345"]
    assert numbers(unclaimed=True) == ["ZZZZ2345"]
    assert numbers(text="规上企业") == numbers(text="50%_") == ["ABCD2345"]
    assert numbers(text="5_%") == []
    assert numbers(text="zzzz") == ["ZZZZ2345"]
    assert numbers(states=(HandoffState.CLOSED,)) == []
    assert numbers(overdue_on=date(2026, 9, 18)) == ["ABCD2345"]
    one, complaint = found(database), found(database, "ZZZZ2345")
    assert [sees(who, one) for who in (ANN, EVA, CARL, OTTO, AUDITOR, ROOT)] == [1, 1, 0, 1, 1, 0]
    assert [sees(who, complaint) for who in (ANN, EVA, CARL)] == [0, 0, 1]
    assert complaint.section == CONDUCT
    with database.reading() as connection:
        dossier = caselist.full_transcript(connection, "ABCD2345")
        assert caselist.full_transcript(connection, "NOTTHERE") is None
        assert caselist.counts(connection, Filter()) == {"waiting": 1, "waiting_other_section": 1}
    assert dossier is not None
    assert [note.text for note in dossier.notes] == ["对方是 50%_规上企业"]
    assert dossier.channel == "webchat"


def test_what_is_with_staff_is_looked_after(database: Database, work: Casework) -> None:
    put(database)
    with database.writing() as connection:
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
        posts.put_post(connection, Post("p1", INVESTMENT, "经办岗", "ann", "ben"))
        key = posts.put_absence(connection, Absence("ann", date(2026, 9, 18), date(2026, 9, 18)))
        roster = posts.roster(connection, date(2026, 9, 18))
        assert look_after(connection, RULES, roster, moment(9, 18)) == 1
        assert look_after(connection, RULES, roster, moment(9, 18)) == 0
    marked = found(database)
    assert (marked.person, marked.standing_in_for, marked.overdue_on) == ("ben", "ann", date(2026, 9, 18))
    with database.writing() as connection:
        assert posts.remove_absence(connection, key)
        assert posts.absences_from(connection, date(2026, 9, 1)) == []
        look_after(connection, RULES, posts.roster(connection, date(2026, 9, 19)), moment(9, 19))
        with pytest.raises(StorageError):
            posts.put_post(connection, Post("p2", INVESTMENT, "岗", "ann", "ann"))
        with pytest.raises(StorageError):
            posts.put_absence(connection, Absence("ann", date(2026, 9, 2), date(2026, 9, 1)))
        assert posts.remove_post(connection, "p1")
    assert found(database).person == "ann"


def test_the_place_in_the_queue_is_counted_in_the_section(database: Database, work: Casework) -> None:
    put(database)
    put(database, "BBBB2345", "y")
    put(database, "CCCC2345", "z", reason="complaint")
    with database.writing() as connection:
        assert handoffs.ahead(connection, INVESTMENT) == 2
        assert handoffs.ahead(connection, INVESTMENT, "BBBB2345") == 1
        assert handoffs.ahead(connection, OFFICE) == 0
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, T))
        assert handoffs.ahead(connection, INVESTMENT, "BBBB2345") == 0


def test_a_second_limit_does_not_hide_that_the_first_was_missed(database: Database, work: Casework) -> None:
    """超期留痕: asked again and answered in time, it still stands where it was late."""
    put(database)
    with database.writing() as connection:
        late = moment(9, 18)  # due on the 17th
        carry_out(connection, work, "ABCD2345", c.Claim(ANN, late))
        reply(connection, work, "ABCD2345", ANN, "已受理。", late)
        carry_out(connection, work, "ABCD2345", c.Wrote(late + 60))
        reply(connection, work, "ABCD2345", ANN, "已补充。", late + 120)
        (told,) = overdue_handoffs(connection, SEPTEMBER)
        assert (told.number, told.due_on, told.open) == ("ABCD2345", date(2026, 9, 17), False)
        definition = load_statistics(DATA)["handoffs-in-time"]
        (line,) = count(connection, definition, SEPTEMBER).lines.values()
        assert line == (1, 0, 1, 0, 0, 0)
        (row,) = rows_as_of(connection, "handoffs", SEPTEMBER, NOW)
        assert row["overdue_on"] == date(2026, 9, 18)


def test_older_rows_are_brought_over(database_url: str) -> None:
    database = Database(database_url)
    migrate(database.engine)
    with database.engine.connect() as connection:
        connection.begin()
        alembic.downgrade(configuration(connection), "0004")
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, channel, enquirer, context, created_at, last_at)"
            " VALUES ('webchat:x', 'webchat', 'x', '{}', 1, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO handoffs (number, conversation_id, reason, section_id, state, opened_at) VALUES"
            f" ('OLDD2345', 'webchat:x', 'asked_for_person', 'office', 'waiting', {START})"
        )
        connection.commit()
    migrate(database.engine)
    rules = LiveCasework(DATA, catalogue)().rules
    old = found(database, "OLDD2345")
    assert (old.clock.received, old.due, old.person) == (date(2026, 9, 14), None, None)
    with database.writing() as connection:
        look_after(connection, rules, posts.roster(connection, date(2026, 9, 15)), moment(9, 15))
    assert found(database, "OLDD2345").due == date(2026, 9, 17)
    with database.reading() as connection:
        events = handoffs.events_of(connection, "OLDD2345")
        (row,) = rows_as_of(connection, "handoffs", SEPTEMBER, NOW)
    # How it stood before events told all of it, and what has been determined since.
    assert [event.kind.value for event in events] == ["brought_over", "timed"]
    assert (row["opened_at"], row["section_id"], row["due_on"]) == (START, "office", date(2026, 9, 17))
    database.engine.dispose()
