"""A saved file is answered from within two seconds, by a brain that runs, without training."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import dedent

import aiohttp
import pytest

from bot.brain.model_files import PROJECT
from bot.commands.children import until
from bot.commands.ports import free_port
from tests.support.busy import allowed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
PROMISED = 2.0  # seconds from the file to the answer
ENTRY = """
    code: x01
    name: 月球基地设备备案
    aliases: [月球基地]
    status: current
    review: {state: sample, by: 测试岗, 'on': 2026-01-01}
    facets:
      conditions: unknown
      materials:
      - text: 登月许可的复印件
      steps: unknown
      time_limit: unknown
      fee: unknown
      contact: unknown
      window: unknown
      online: unknown
"""


class Running:
    """A brain of the project's model over a copy of its data."""

    def __init__(self, url: str, data: Path, session: aiohttp.ClientSession) -> None:
        self.url, self.data, self.session = url, data, session

    async def answer(self, text: str) -> dict:
        turn = {"conversation": "c", "channel": "test", "message_id": "m", "text": text, "sent_at": 1}
        async with self.session.post(f"{self.url}/turns", json=turn) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def health(self) -> dict:
        try:
            async with self.session.get(f"{self.url}/health") as answer:
                return await answer.json()
        except aiohttp.ClientError:
            return {}

    async def seconds_until(self, text: str, entries: list[str]) -> float:
        began = time.monotonic()
        while (await self.answer(text))["entries"] != entries:
            assert time.monotonic() - began < 10, await self.answer(text)
            await asyncio.sleep(0.05)
        return time.monotonic() - began


@pytest.fixture
async def running(trained_model: Path, tmp_path: Path) -> AsyncIterator[Running]:
    """Start the brain and wait until it is ready."""
    data = tmp_path / "data"
    shutil.copytree(PROJECT / "data", data)
    url = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    command = [sys.executable, "-m", "bot.brain", "--listen", url, "--model", str(trained_model)]
    env = {**os.environ, "BOT_DATA": str(data), "BOT_ALLOW_SAMPLES": "1"}
    process = subprocess.Popen(command, cwd=PROJECT, env=env, stderr=subprocess.DEVNULL)
    try:
        async with aiohttp.ClientSession() as session:
            one = Running(url, data, session)

            async def ready() -> bool:
                return (await one.health()).get("state") == "ready"

            assert await until(ready, 60)
            yield one
    finally:
        process.kill()
        process.wait()


async def test_an_entry_comes_changes_and_goes_while_the_brain_runs(running):
    question = "月球基地要什么材料"
    path = running.data / "catalogue/services/moon-base.yml"
    before = (await running.health())["catalogue"]
    assert "x01" not in (await running.answer(question))["entries"]

    path.write_text(dedent(ENTRY), "utf-8")
    assert await running.seconds_until(question, ["x01"]) < allowed(PROMISED)
    assert "登月许可的复印件" in (await running.answer(question))["replies"][0]["text"]
    assert (await running.health())["catalogue"] != before

    path.write_text(dedent(ENTRY) + "nonsense: true\n", "utf-8")  # a bad file: the last good one stays
    await asyncio.sleep(allowed(PROMISED))
    assert (await running.answer(question))["entries"] == ["x01"]

    path.write_text(dedent(ENTRY).replace("登月许可", "出航许可"), "utf-8")
    began = time.monotonic()
    while "出航许可" not in (await running.answer(question))["replies"][0]["text"]:
        assert time.monotonic() - began < allowed(PROMISED)
        await asyncio.sleep(0.05)

    path.unlink()
    while (await running.answer(question))["entries"] == ["x01"]:
        assert time.monotonic() - began < 10
        await asyncio.sleep(0.05)
    assert (await running.health())["catalogue"] == before
