"""One gateway for each mode, shared by all tests of a run: each test has users of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.channels.stranger.wire import MODES
from tests.channels.stranger.world import World, world

_users = itertools.count(1)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, World]]:
    """Gateways by mode, each started when it is first asked for."""
    with ExitStack() as stack:

        class Started(dict[str, World]):
            def __missing__(self, mode: str) -> World:
                folder: Path = tmp_path_factory.mktemp(mode)
                self[mode] = stack.enter_context(world(mode, folder, BOT_PASSIVE_SECONDS="2"))
                return self[mode]

        yield Started()


@pytest.fixture(params=MODES)
def each(request: pytest.FixtureRequest, worlds: dict[str, World]) -> World:
    """A gateway in each mode."""
    return worlds[request.param]


@pytest.fixture(params=["compatible", "secure"])
def sealed(request: pytest.FixtureRequest, worlds: dict[str, World]) -> World:
    """A gateway in each mode with envelopes."""
    return worlds[request.param]


@pytest.fixture
def user() -> str:
    """Give a user whom no other test knows."""
    return f"oStranger_{next(_users):06}-abcdefghi"
