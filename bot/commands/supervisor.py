"""Keeps the processes of the desk running: trains, starts, waits, restarts the dead and the hung."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.commands import texts
from bot.commands.children import Child, Program, until
from bot.commands.health import health_of
from bot.desk.errors import DeskError

PATIENCE = 90.0  # seconds that the parts may take to become ready
LOOK = 10.0  # seconds between two looks at the parts
HUNG = 30.0  # seconds without an answer after which a part is killed, to be started again


@dataclass(frozen=True)
class Plan:
    """What to run: a training first if there is one, then the parts, each by its address."""

    train: Program | None
    brains: Mapping[str, Program]
    gateway_url: str
    gateway: Program
    console_url: str | None = None
    console: Program | None = None


class Supervisor:
    """Runs a plan until SIGINT or SIGTERM."""

    def __init__(self, plan: Plan, welcome: Callable[[], None]) -> None:
        self._plan = plan
        self._welcome = welcome
        self._brains = {url: Child(program, _tell_end) for url, program in plan.brains.items()}
        self._gateway = Child(plan.gateway, _tell_end)
        self._console = Child(plan.console, _tell_end) if plan.console else None
        self._told_to_stop = asyncio.Event()

    async def run(self) -> None:
        """Start everything, keep it running, stop it. Raises ``DeskError`` when a part cannot start."""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._told_to_stop.set)
        working = asyncio.create_task(self._work())
        stopping = asyncio.create_task(self._told_to_stop.wait())
        try:
            await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        finally:
            print(f"\n{texts.STOPPING}", flush=True)
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)
            await self._stop_all()

    async def _work(self) -> None:
        began = time.monotonic()
        if self._plan.train:
            await _run_to_end(self._plan.train)
        children = {self._plan.gateway_url: self._gateway, **self._brains}
        if self._console and self._plan.console_url:
            children[self._plan.console_url] = self._console
        await asyncio.gather(*(child.start() for child in children.values()))
        await asyncio.gather(*(_until_ready(url, child) for url, child in children.items()))
        for child in children.values():
            child.keep()
        print(texts.READY.format(seconds=time.monotonic() - began))
        self._welcome()
        await asyncio.gather(*(_watch(url, child) for url, child in children.items()))

    async def _stop_all(self) -> None:
        """Stop the gateway before the brains: it ends the turns under way while they still answer."""
        if self._console:
            await self._console.stop()
        await self._gateway.stop()
        await asyncio.gather(*(child.stop() for child in self._brains.values()))


async def _run_to_end(program: Program) -> None:
    child = Child(program, _tell_end)
    try:
        await child.start()
        code = await child.wait()
    finally:
        await child.stop()
    if code:
        raise DeskError(f"{program.arguments} gave {code}", texts.FAILED.format(name=program.name, code=code))


async def _until_ready(url: str, child: Child) -> None:
    """Wait until the part answers and says nothing against being ready. Raises ``DeskError``."""

    async def ready() -> bool:
        health = await health_of(url)
        return health is not None and health.get("state") != "starting"

    if await until(ready, PATIENCE, alive=lambda: child.exit_code is None):
        return
    if child.exit_code is not None:
        told = texts.DIED_AT_START.format(name=child.name, code=child.exit_code)
    else:
        told = texts.NOT_READY.format(name=child.name, seconds=PATIENCE)
    raise DeskError(f"{child.program.arguments} did not start", told)


async def _watch(url: str, child: Child) -> None:
    """Kill the part, to be started again, when it lives but has not answered for ``HUNG`` seconds."""
    watched, answered = child.pid, time.monotonic()
    while True:
        await asyncio.sleep(LOOK)
        if child.pid != watched or await health_of(url) is not None:
            watched, answered = child.pid, time.monotonic()
        elif watched is not None and time.monotonic() - answered > HUNG:
            print(texts.HUNG.format(name=child.name, seconds=HUNG), flush=True)
            child.kill()


def _tell_end(name: str, ended: str, pause: float) -> None:
    print(texts.DIED.format(name=name, code=ended, seconds=pause), flush=True)
