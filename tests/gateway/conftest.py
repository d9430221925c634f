"""A gateway with one stand-in brain, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.gateways import Running, running, standin
from tests.support.standin_brain import StandIn


@pytest.fixture
async def brain_and_url() -> AsyncIterator[tuple[StandIn, str]]:
    async with standin() as pair:
        yield pair


@pytest.fixture
def brain(brain_and_url: tuple[StandIn, str]) -> StandIn:
    return brain_and_url[0]


@pytest.fixture
def brain_url(brain_and_url: tuple[StandIn, str]) -> str:
    return brain_and_url[1]


@pytest.fixture
async def desk(database_url: str, brain_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(database_url, tmp_path, [brain_url]) as gateway:
        yield gateway
