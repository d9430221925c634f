"""A gateway brings its own data folder to what a console elsewhere has published."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.desk.proposals import ProposalKind, Review
from bot.gateway.following import Following
from bot.storage import proposals
from bot.storage.database import Database
from bot.storage.publishing import Publisher
from tests.support.busy import allowed


async def test_what_is_approved_elsewhere_arrives_in_a_moment(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "catalogue" / "hotline"
    folder.mkdir(parents=True)
    (folder / "one.yml").write_text("code: h1\n", "utf-8")
    beside = folder / "one.questions.txt"
    database = Database(database_url)
    database.open()
    following = Following(database, Publisher(tmp_path / "data", tmp_path / "var"))
    following.start()
    try:
        with database.writing() as connection:
            content = {"questions": ["钱什么时候到"]}
            key = proposals.propose(connection, ProposalKind.QUESTIONS, "one", content, [], "a", 1.0)
            proposals.review(connection, key, Review("b", True, "不涉密"), 2.0)
        await until(lambda: beside.exists() and beside.read_text("utf-8") == "钱什么时候到\n")
        with database.writing() as connection:
            proposals.undo(connection, proposals.newest(connection), "b", "错了", 3.0)
        await until(lambda: not beside.exists() or not beside.read_text("utf-8"))
    finally:
        await following.stop()
        await database.close()


async def until(ready) -> None:
    end = time.monotonic() + allowed(2)
    while not ready():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)
