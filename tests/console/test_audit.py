"""The audit log: sealed row by row, closed to every change, and broken where one was made all the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands.audit_log import run as verify_command
from bot.desk.audit import Deed
from bot.storage import audit_log
from bot.storage.account_tables import audit_head
from bot.storage.account_tables import audit_log as table
from bot.storage.database import Database
from bot.storage.secret import Secret
from tests.console.conftest import Running

SECRET = Secret("s" * 40)


@pytest.fixture
def database(database_url: str) -> Database:
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        for number in range(1, 8):
            deed = Deed("tzk", "staff", "claimed", f"ABCD{number}", {"to": "投资科"})
            assert audit_log.append(connection, deed, 1000.5 + number, SECRET.digest) == number
    yield database
    database.close_now()


def found(database: Database, noted: tuple[int, str] | None = None) -> tuple[int, str] | None:
    with database.reading() as connection:
        broken = audit_log.verify(connection, SECRET.digest, noted)
    return (broken.number, broken.how) if broken else None


def tamper(database: Database, *statements: str) -> None:
    """Change the log as somebody could who owns the database: the triggers are taken away first."""
    with database.writing() as connection:
        if database.engine.dialect.name == "sqlite":
            for event in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER audit_log_no_{event}"))
        else:
            connection.execute(sa.text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_whole_chain_is_verified(database: Database) -> None:
    assert found(database) is None


@pytest.mark.parametrize("change", [sa.update(table).values(actor="other"), sa.delete(table)])
def test_the_database_refuses_changes(database: Database, change: sa.sql.ClauseElement) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.engine.begin() as connection:
        connection.execute(change)
    assert found(database) is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_log SET actor = 'other' WHERE number = 3", (3, "changed")),
        ("UPDATE audit_log SET detail = '{}' WHERE number = 3", (3, "changed")),
        ("UPDATE audit_log SET at = at + 1 WHERE number = 5", (5, "changed")),
        ("UPDATE audit_log SET seal = 'x' WHERE number = 7", (7, "changed")),
        ("DELETE FROM audit_log WHERE number = 4", (4, "missing")),
        ("DELETE FROM audit_log WHERE number = 1", (1, "missing")),
        ("DELETE FROM audit_log WHERE number = 7", (7, "head")),
        ("UPDATE audit_head SET number = 6", (7, "head")),
    ],
)
def test_every_change_is_found(database: Database, statement: str, broken: tuple[int, str]) -> None:
    tamper(database, statement)
    assert found(database) == broken


def test_rows_made_with_another_secret_are_found(database: Database) -> None:
    with database.writing() as connection:
        audit_log.append(connection, Deed("x", "staff", "claimed"), 1.0, Secret("t" * 40).digest)
    assert found(database) == (8, "changed")


def test_a_chain_cut_at_its_end_is_found_by_a_head_that_was_noted(database: Database) -> None:
    with database.reading() as connection:
        noted = audit_log.head_of(connection)
        before = connection.execute(sa.select(table.c.seal).where(table.c.number == 6)).scalar_one()
    tamper(
        database,
        "DELETE FROM audit_log WHERE number = 7",
        f"UPDATE audit_head SET number = 6, seal = '{before}'",
    )
    assert found(database) is None  # the chain by itself is whole again
    assert found(database, noted) == (7, "head")


def test_what_is_undone_leaves_no_row_and_no_gap(database: Database) -> None:
    with database.engine.connect() as connection:
        audit_log.append(connection, Deed("x", "staff", "claimed"), 1.0, SECRET.digest)
        connection.rollback()
    with database.writing() as connection:
        assert audit_log.append(connection, Deed("x", "staff", "claimed"), 1.0, SECRET.digest) == 8
    assert found(database) is None


async def test_writers_at_the_same_time_stand_in_line(database_url: str) -> None:
    desks = [Database(database_url) for _ in range(3)]
    for desk in desks:
        desk.open()
    try:
        await asyncio.gather(
            *(
                desk.write(lambda c: audit_log.append(c, Deed("x", "staff", "claimed"), 1.0, SECRET.digest))
                for _ in range(40)
                for desk in desks
            )
        )
        with desks[0].reading() as connection:
            assert audit_log.verify(connection, SECRET.digest) is None
            assert connection.execute(sa.select(audit_head.c.number)).scalar_one() == 120
    finally:
        for desk in desks:
            await desk.close()


async def test_auditors_read_it_and_verify_it_in_the_browser(desk: Running) -> None:
    browser = await desk.enter("auditor")
    assert "登录" in await browser.get("/audit?action=login&actor=auditor")
    assert "没有符合条件的记录" in await browser.get("/audit?action=logout")
    assert "核验通过" in await browser.get("/audit/check")
    tamper(desk.console.database, "UPDATE audit_log SET actor = 'x' WHERE number = 1")
    assert "第 1 行" in await browser.get("/audit/check")


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=99999999999999999999", "actor=%27"])
async def test_a_strange_query_is_no_fault(console: Running, query: str) -> None:
    browser = await console.enter("auditor")
    await browser.get(f"/audit?{query}")


def test_the_command_tells_whole_from_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.setenv("BOT_SECRET", "s" * 40)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.open()
    with database.writing() as connection:
        for _ in range(3):
            audit_log.append(connection, Deed("x", "staff", "claimed"), 1.0, SECRET.digest)
    assert verify_command(argparse.Namespace(way="verify", head=None)) == 0
    head = capsys.readouterr().out.partition("链尾：")[2].strip()
    assert verify_command(argparse.Namespace(way="verify", head=head)) == 0
    tamper(database, "UPDATE audit_log SET subject = 'x' WHERE number = 2")
    assert verify_command(argparse.Namespace(way="verify", head=None)) == 1
    assert "第 2 行" in capsys.readouterr().err
    database.close_now()
