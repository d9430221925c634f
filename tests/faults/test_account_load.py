"""Tests that an official account keeps its promises under load; the long run is in ``tests/bench``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.account_burst import Burst
from tests.bench.account_burst import measure as burst
from tests.bench.account_load import LIMIT, Load, measure
from tests.support.busy import allowed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SHORT = {"users": 12, "rate": 8.0, "seconds": 8.0}


@pytest.mark.parametrize(
    "load",
    [
        Load(**SHORT),
        Load(mode="yixin", **SHORT, busy=0.3, trouble=0.2, kills=1),
        Load(**SHORT, busy=1.2, trouble=0.2, kills=0),
    ],
    ids=["brain killed", "yixin and a platform in trouble", "brain busy and a platform in trouble"],
)
async def test_every_message_is_answered_once_in_order_and_acknowledged_in_time(
    tmp_path: Path, load: Load
) -> None:
    figures = await measure(load, tmp_path)
    assert figures.messages - figures.held == 64
    assert figures.pushes > 64
    assert figures.good, figures.lines()
    assert figures.quantile(99.9) < allowed(1.0)
    assert max(figures.acknowledged) < LIMIT


async def test_many_pushes_at_once_are_acknowledged_in_time_while_the_brain_is_dead(tmp_path: Path) -> None:
    figures = await burst(Burst("dead", pushes=60, times=2, pause=1.0, loaded=True), tmp_path)
    assert len(figures.acknowledged) == 120
    assert (figures.failed, figures.lost, figures.doubled) == (0, 0, 0)
    assert max(figures.acknowledged) < allowed(1.5)
