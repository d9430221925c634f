"""Canaries: after deletion no table, no file and no log holds them, and no count has changed."""

from __future__ import annotations

import logging
import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.desk.applications import Law
from bot.desk.errors import CatalogueError
from bot.desk.register import CaseKind, Step
from bot.desk.statistics import Scope
from bot.reports.privacy import Schedule, load_schedule, sweep
from bot.reports.registering import Clerk, register_case, take_step
from bot.storage.calendar_files import load_calendar
from bot.storage.corrections import correct_enquiry
from bot.storage.counting import count
from bot.storage.database import Database
from bot.storage.register import Person
from bot.storage.report_tables import metadata
from bot.storage.statistic_files import load_statistics
from bot.storage.time_limit_files import load_time_limits
from tests.conversing import DATA
from tests.support.gateways import running, standin

# What the enquirer types, their number, their name at the platform, what is written of them elsewhere.
CANARIES = ("金丝雀纺织厂", "13912345678", "kanarienvogel", "金丝雀女士", "340101199003071234", "金丝雀来信")
TYPED = f"{CANARIES[0]}的备案要什么材料,电话{CANARIES[1]}"
LAW = Law(load_time_limits(DATA), load_calendar(DATA))
WHOLE = Scope(date(2000, 1, 1), date(2100, 1, 1), date(2026, 1, 1))


@pytest.fixture
def deployment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    return tmp_path


async def speak(database_url: str, folder: Path) -> str:
    """Have the canaries said in a chat, corrected by staff, registered as a case, exported; give the case."""
    async with standin() as (_, brain), running(database_url, folder, [brain]) as gateway:
        await gateway.ask(TYPED, "m1", CANARIES[2])
        await gateway.ask("别的问题", "m2", "other")
    database = opened(database_url)
    with database.writing() as connection:
        correct_enquiry(
            connection, 1, {"outcome": "declined"}, by="zhang", reason=f"{CANARIES[3]}来电", at=time.time()
        )
        clerk = Clerk("办公室", time.time(), date(2026, 1, 1))
        told = {"method": "in_person", "applicant": "person"}
        person = Person(CANARIES[3], CANARIES[1], CANARIES[4], CANARIES[5])
        number = register_case(connection, CaseKind.APPLICATION, date(2025, 3, 3), told, person, clerk, LAW)
        take_step(connection, number, Step.ANSWERED, date(2025, 3, 4), {"outcome": "R3.1"}, clerk, LAW)
    database.close_now()
    exports = folder / "var" / "exports"
    exports.mkdir(parents=True)
    (exports / "old.csv").write_text(CANARIES[3], "utf-8")
    return number


def opened(url: str) -> Database:
    database = Database(url)
    database.open()
    return database


def figures(url: str) -> dict[str, Any]:
    """Give every statistic as it stands."""
    database = opened(url)
    with database.reading() as connection:
        found = {d.id: count(connection, d, WHOLE).document() for d in load_statistics(DATA).values()}
    database.close_now()
    return found


def found_in(url: str, folder: Path, logged: str) -> set[str]:
    """Give the canaries that stand in any table, in any file of the deployment, or in the log."""
    database = opened(url)
    texts = [logged]
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            texts += [str(tuple(row)) for row in connection.execute(sa.select(table))]
    database.close_now()
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {c for c in CANARIES if c.encode() in content or any(c in text for text in texts)}


async def test_who_asks_to_be_forgotten_is_forgotten(
    database_url: str, deployment: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    number = await speak(database_url, deployment)
    assert found_in(database_url, deployment, "") == set(CANARIES)
    before = figures(database_url)
    assert main(["privacy", "forget", "--conversation", conversation_of(database_url)]) == 0
    assert main(["privacy", "forget", "--case", number]) == 0
    assert found_in(database_url, deployment, caplog.text) == set()
    assert figures(database_url) == before
    assert main(["audit"]) == 0
    assert main(["privacy", "forget", "--case", number]) == 1
    assert main(["privacy", "forget", "--conversation", "rest:nobody"]) == 1


def conversation_of(url: str) -> str:
    database = opened(url)
    with database.reading() as connection:
        query = sa.text("SELECT id FROM conversations WHERE sender LIKE '%kanarienvogel%'")
        conversation = str(connection.execute(query).scalar_one())
    database.close_now()
    return conversation


async def test_what_is_old_enough_is_deleted_by_the_sweep(database_url: str, deployment: Path) -> None:
    await speak(database_url, deployment)
    before = figures(database_url)
    schedule = load_schedule(DATA)
    assert dict(swept(database_url, deployment, schedule, time.time())) == {
        **dict.fromkeys(schedule.days, 0),
        "identity": 0 if time.time() < 1_772_000_000 else 1,
    }
    years = time.time() + 4 * 365 * 86400
    os.utime(deployment / "var" / "exports" / "old.csv")
    done = dict(swept(database_url, deployment, schedule, years))
    assert done["typed_text"] == done["conversation"] == 2
    assert done["person"] == done["exports"] == 1
    assert found_in(database_url, deployment, "") == set()
    assert figures(database_url) == before
    assert sum(dict(swept(database_url, deployment, schedule, years)).values()) == 0


def swept(url: str, folder: Path, schedule: Schedule, now: float) -> list[tuple[str, int]]:
    database = opened(url)
    done = list(sweep(database, folder / "var", schedule, now))
    database.close_now()
    return done


def test_a_wrong_schedule_names_the_field(tmp_path: Path) -> None:
    (tmp_path / "retention.yml").write_text("decided: true\ndays: {typed_text: 0}\n", "utf-8")
    with pytest.raises(CatalogueError, match=r"days\.typed_text"):
        load_schedule(tmp_path)
