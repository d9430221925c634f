"""Tests of the health report and its page: the truth about each part, in both forms."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import unused_port

from bot.gateway.health import CatalogueState, Health, Part, Report
from bot.gateway.health_page import HealthPage
from bot.storage import consoles
from bot.storage.conversations import Lease, Party, meet
from bot.storage.inbox import put
from bot.storage.tables import gateways
from tests.support.gateways import Running, message, running

PAGE = {"Accept": "text/html,application/xhtml+xml"}


async def test_all_is_well(desk: Running) -> None:
    async with desk.client.get("/health") as response:
        assert response.status == 200
        report = await response.json()
    assert report["status"] == "ok"
    assert {name: part["ok"] for name, part in report["parts"].items()} == dict.fromkeys(
        ("database", "catalogue", "brains", "console", "inbox", "outbox", "channels", "disk"), True
    )
    assert report["parts"]["brains"]["each"] == [{"number": 1, "ok": True, "state": "ready"}]
    assert report["parts"]["catalogue"]["entries"] == 6
    assert report["parts"]["disk"]["free_bytes"] > 0


async def test_a_console_that_died_is_told_without_its_address(tmp_path: Path, brain_url: str) -> None:
    async with running(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, [brain_url]) as desk:
        url = "http://10.0.0.7:8090"
        with desk.gateway.database.writing() as connection:
            consoles.show(connection, "console:a:1", url, time.time() - 60)
        async with desk.client.get("/health") as response:
            report = await response.json()
            assert (report["status"], report["parts"]["console"]["ok"]) == ("degraded", False)
            assert url not in str(report)


async def test_the_database_is_really_written(desk: Running) -> None:
    async with desk.client.get("/health") as response:
        at = (await response.json())["at"]
    with desk.gateway.database.reading() as connection:
        row = connection.execute(sa.select(gateways)).one()
    assert (row.owner, row.seen_at) == (desk.gateway.owner, at)


async def test_without_brains_it_is_degraded_and_still_takes_messages(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{unused_port()}"
    async with running(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, [nobody]) as desk:
        async with desk.client.get("/health") as response:
            report = await response.json()
            assert (response.status, report["status"]) == (200, "degraded")
            assert report["parts"]["brains"]["each"] == [{"number": 1, "ok": False, "state": "unreachable"}]
        async with desk.client.get("/health", headers=PAGE) as response:
            page = await response.text()
            assert "1 号连不上" in page
            assert nobody not in page


async def test_a_locked_database_is_down(tmp_path: Path, brain_url: str) -> None:
    async with running(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path, [brain_url]) as desk:
        holder = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        async with desk.client.get("/health") as response:
            assert response.status == 503
            assert (await response.json())["status"] == "down"
        async with desk.client.get("/health", headers=PAGE) as response:
            assert response.status == 503
            assert "不能收消息" in await response.text()
        holder.execute("ROLLBACK")
        holder.close()


async def test_messages_that_wait_for_long_are_told(
    database_url: str, brain_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path, [brain_url]) as desk:
        now = desk.gateway._world.clock()
        party = Party("push", "x", "x")
        with desk.gateway.database.writing() as connection:
            meet(connection, party, Lease("desk:elsewhere:1:1#1", now + 100), now)
            put(connection, party.conversation, message("问", "m1"), "问", "d", now - 75)
        report = await desk.gateway.health.report()
        assert report.status == "degraded"
        assert report.parts["inbox"].figures["waiting"] == 1
        assert 74 < report.parts["inbox"].figures["oldest_seconds"] < 80


async def test_many_who_ask_are_answered_from_one_look(desk: Running) -> None:
    first = await desk.gateway.health.report()
    assert await desk.gateway.health.report() is first


async def test_what_is_wrong_with_the_catalogue_is_told(desk: Running) -> None:
    bad = CatalogueState("v", 3, 0, tuple(f"data/x{n}.yml: <b>坏</b>" for n in range(30)))
    gateway = desk.gateway
    health = Health(gateway.database, gateway.brains.health, lambda: bad, gateway.settings.var, "me")
    report = await health.report()
    assert report.status == "degraded"
    assert report.parts["catalogue"].figures["problem_count"] == 30
    assert len(report.parts["catalogue"].figures["problems"]) == 10
    page = HealthPage(health).render(report)
    assert "data/x0.yml" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/html", True),
        ("application/json, text/html", False),
        ("text/html, application/json", True),
    ],
)
async def test_programs_get_json_and_people_a_page(desk: Running, accept: str, page: bool) -> None:
    async with desk.client.get("/health", headers={"Accept": accept}) as response:
        assert response.content_type == ("text/html" if page else "application/json")


async def test_a_figure_that_is_not_known_is_not_made_up(desk: Running) -> None:
    report = await desk.gateway.health.report()
    unknown = Part(False, {"waiting": None})
    changed: Report = replace(report, parts={**report.parts, "inbox": unknown})
    page = HealthPage(desk.gateway.health).render(changed)
    assert "条数:无法得知" in page
    assert "None" not in page
