"""Tests of bot.storage.database: group commit, failing alone, and a database that is locked or gone."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.desk.errors import StorageError
from bot.storage.all_tables import metadata
from bot.storage.database import Database
from bot.storage.migrate import configuration, migrate
from bot.storage.tables import deployment
from bot.storage.writer import BESIDE_URGENT
from tests.support.postgres import Cluster

PUT = sa.insert(deployment)
GET = sa.select(deployment.c.value).where(deployment.c.name == sa.bindparam("name"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, timeout=1.0)
    opened.open()
    yield opened
    await opened.close()


def put(name: str, value: str = "x") -> Any:
    return lambda connection: connection.execute(PUT, {"name": name, "value": value}).rowcount


def get(name: str) -> Any:
    return lambda connection: connection.execute(GET, {"name": name}).scalar()


async def test_what_is_written_is_read(database: Database) -> None:
    assert await database.write(put("name", "阜阳")) == 1
    assert await database.read(get("name")) == "阜阳"


async def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.reading() as connection:
        assert get("name")(connection) is None
        await database.write(put("name"))
        assert get("name")(connection) is None
    assert await database.read(get("name")) == "x"


async def test_many_writes_share_few_commits(database: Database) -> None:
    commits = 0

    def count(connection: Any) -> None:
        nonlocal commits
        commits += 1

    sa.event.listen(database.engine, "commit", count)
    await asyncio.gather(*(database.write(put(f"n{i}")) for i in range(500)))
    assert commits < 50
    count_rows = sa.select(sa.func.count()).select_from(deployment)
    assert await database.read(lambda c: c.execute(count_rows).scalar()) == 500


async def test_a_failing_write_fails_alone(database: Database) -> None:
    await database.write(put("twice"))
    works = [put("before"), put("twice"), put("after")]
    results = await asyncio.gather(*(database.write(w) for w in works), return_exceptions=True)
    assert [type(r) for r in results] == [int, sa.exc.IntegrityError, int]
    assert await database.read(get("before")) == "x"
    assert await database.read(get("after")) == "x"


async def test_an_error_of_the_caller_undoes_the_callers_work(database: Database) -> None:
    def broken(connection: Any) -> None:
        connection.execute(PUT, {"name": "half", "value": "x"})
        raise KeyError("half-way")

    results = await asyncio.gather(
        database.write(broken), database.write(put("whole")), return_exceptions=True
    )
    assert isinstance(results[0], KeyError)
    assert await database.read(get("half")) is None
    assert await database.read(get("whole")) == "x"
    with pytest.raises(KeyError):
        await database.write(broken)
    assert await database.read(get("half")) is None


async def test_work_with_smaller_keys_comes_first_in_a_commit(database: Database) -> None:
    ran: list[str] = []

    def slow(connection: Any) -> None:
        time.sleep(0.2)

    def note(name: str) -> Any:
        return lambda connection: ran.append(name)

    await asyncio.gather(
        database.write(slow),
        database.write(note("b"), "b"),
        database.write(note("a"), "a"),
        database.write(note("b2"), "b"),
    )
    assert ran == ["a", "b", "b2"]


async def test_what_is_urgent_overtakes_what_waits_and_leaves_it_room(database: Database) -> None:
    commits: list[list[str]] = [[]]

    def note(name: str) -> Any:
        return lambda connection: commits[-1].append(name)

    begun, enough = threading.Event(), threading.Event()

    def slow(connection: Any) -> None:
        begun.set()
        enough.wait(30)

    sa.event.listen(database.engine, "commit", lambda connection: commits.append([]))
    others = [f"other{n}" for n in range(3 * BESIDE_URGENT)]
    running = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(begun.wait, 30)
    writes = [database.write(note(name), name) for name in others]
    writes += [database.write(note(name), name, urgent=True) for name in ("accept1", "accept2")]
    tasks = [running, *map(asyncio.ensure_future, writes)]
    await asyncio.sleep(0)  # they are handed in
    enough.set()
    await asyncio.gather(*tasks)
    first, second = commits[1:3]
    assert first == ["accept1", "accept2", *sorted(others[:BESIDE_URGENT])]
    assert second == sorted(others[BESIDE_URGENT:])


async def test_a_lock_gives_storage_error_and_passes(database: Database) -> None:
    holder = Holder(database)
    holder.lock()
    began = time.monotonic()
    with pytest.raises(StorageError) as caught:
        await database.write(put("late"))
    assert 0.9 < time.monotonic() - began < 3
    assert "请稍后" in caught.value.for_reader
    holder.release()
    await database.write(put("late", "in time"))
    assert await database.read(get("late")) == "in time"


async def test_a_short_lock_is_not_noticed(database: Database) -> None:
    holder = Holder(database)
    holder.lock()
    writing = asyncio.ensure_future(database.write(put("patient")))
    await asyncio.sleep(0.3)
    assert not writing.done()
    holder.release()
    assert await writing == 1


class Holder:
    """Somebody else who holds the lock that every write of these tests needs."""

    def __init__(self, database: Database) -> None:
        self.engine = sa.create_engine(database.engine.url, future=True)
        self.connection: Any = None

    def lock(self) -> None:
        self.connection = self.engine.connect()
        if self.engine.dialect.name == "sqlite":
            self.connection.connection.isolation_level = None
            self.connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            self.connection.exec_driver_sql("LOCK TABLE deployment IN EXCLUSIVE MODE")

    def release(self) -> None:
        self.connection.connection.rollback()
        self.connection.close()
        self.engine.dispose()


async def test_postgresql_gone_gives_storage_error_and_comes_back(
    postgres: Cluster, postgres_url: str
) -> None:
    database = Database(postgres_url, timeout=1.0)
    database.open()
    await database.write(put("before"))
    assert await database.read(get("before")) == "x"
    postgres.stop()
    try:
        with pytest.raises(StorageError):
            await database.write(put("during"))
        with pytest.raises(StorageError):
            await database.read(get("before"))
        pending = asyncio.ensure_future(database.write(put("over the gap")))
        await asyncio.sleep(0.2)
    finally:
        postgres.start()
    outcome: Any = (await asyncio.gather(pending, return_exceptions=True))[0]
    assert outcome == 1 or isinstance(outcome, StorageError)
    await database.write(put("after"))
    assert (await database.read(get("over the gap")) == "x") == (outcome == 1)
    assert await database.read(get("before")) == "x"
    assert await database.read(get("after")) == "x"
    await database.close()


async def test_a_moved_sqlite_file_is_not_written_on_and_not_replaced(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "desk.db", tmp_path / "elsewhere.db"
    database = Database(f"sqlite:///{path}", timeout=0.5)
    database.open()
    await database.write(put("before"))
    await database.read(get("before"))
    path.rename(elsewhere)
    with pytest.raises(StorageError):
        await database.write(put("lost"))
    with pytest.raises(StorageError):
        await database.read(get("before"))
    assert not path.exists()
    elsewhere.rename(path)
    await database.write(put("after"))
    assert await database.read(get("before")) == "x"
    assert await database.read(get("after")) == "x"
    assert await database.read(get("lost")) is None
    await database.close()


async def test_a_damaged_sqlite_file_gives_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(b"this is no database, but long enough to be looked at " * 100)
    database = Database(f"sqlite:///{path}", timeout=0.5)
    with pytest.raises(StorageError) as caught:
        database.open()
    assert "数据库" in caught.value.for_reader
    database.engine.dispose()


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    database.open()
    last = asyncio.ensure_future(database.write(put("last")))
    await asyncio.sleep(0)
    await database.close()
    assert await last == 1
    with pytest.raises(StorageError):
        await database.write(put("too late"))


def test_the_sqlite_file_is_for_its_owner_and_durable(tmp_path: Path) -> None:
    path = tmp_path / "new" / "desk.db"
    database = Database(f"sqlite:///{path}")
    database.open()
    assert path.stat().st_mode & 0o777 == 0o600
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close_now()


@pytest.mark.postgres
def test_postgresql_commits_to_disk_whatever_the_server_prefers(postgres: Cluster, postgres_url: str) -> None:
    postgres.sql(f"ALTER DATABASE {postgres_url.rsplit('/', 1)[1]} SET synchronous_commit = off")
    database = Database(postgres_url)
    database.open()
    with database.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    database.close_now()


def test_the_migrations_make_the_tables_as_they_are_defined(database_url: str) -> None:
    database = Database(database_url)
    migrate(database.engine)
    with database.reading() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        differences = compare_metadata(found, metadata)
    database.engine.dispose()
    assert differences == []


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    return name != "sqlite_sequence"


def test_the_migrations_can_be_undone_and_redone(database_url: str) -> None:
    from alembic import command

    database = Database(database_url)
    migrate(database.engine)
    with database.engine.connect() as connection:
        connection.begin()
        command.downgrade(configuration(connection), "base")
        left = set(sa.inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}
        assert left == set()
        connection.commit()
    migrate(database.engine)
    with database.reading() as connection:
        assert set(metadata.tables) <= set(sa.inspect(connection).get_table_names())
    database.engine.dispose()


def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    database = Database(database_url)
    migrate(database.engine)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError) as caught:
        migrate(database.engine)
    assert "版本" in caught.value.for_reader
    database.engine.dispose()


START = """
import sys
from bot.storage.database import Database
database = Database(sys.argv[1])
database.open()
database.close_now()
"""


def test_several_processes_may_start_at_once(database_url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", START, database_url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    results = [(p.wait(60), p.stderr.read() if p.stderr else "") for p in started]
    for process in started:
        if process.stderr:
            process.stderr.close()
    assert [code for code, _ in results] == [0] * 4, results


def test_sqlite_can_return_what_it_wrote() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)
