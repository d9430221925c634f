"""Child processes of the supervisor: started, watched, started again with back-off, stopped."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

FIRST_PAUSE = 0.2  # seconds before the first restart; each further one waits twice as long
LONGEST_PAUSE = 30.0
STEADY = 60.0  # a child that lived so many seconds starts with the first pause again
LAST_WORDS = 10.0  # seconds between the request to stop and the kill
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True)
class Program:
    """What to run: the arguments of ``python -m``, and what is added to the environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """One program that is kept running until ``stop``."""

    def __init__(self, program: Program, told: Callable[[str, str, float], None]) -> None:
        self.program = program
        self._told = told
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._pause = FIRST_PAUSE
        self._began = 0.0

    @property
    def name(self) -> str:
        """What the program is called."""
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The process id, while the process runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def exit_code(self) -> int | None:
        """What the process ended with, once it has ended."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start the process."""
        environment = {**os.environ, **self.program.environment}
        command = [sys.executable, "-m", *self.program.arguments]
        # A session of its own: Ctrl+C reaches the supervisor alone, which stops its children in order.
        self._began = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(
            *command, env=environment, start_new_session=True, preexec_fn=dies_with(os.getpid())
        )

    async def wait(self) -> int:
        """Wait until the process ends, and give its exit code."""
        if self._process is None:
            raise RuntimeError("the process was not started")
        return await self._process.wait()

    def keep(self) -> None:
        """From now on start the process again whenever it ends."""
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def _keep(self) -> None:
        while self._process:
            code = await self._process.wait()
            if time.monotonic() - self._began > STEADY:
                self._pause = FIRST_PAUSE
            self._told(self.name, how_it_ended(code), self._pause)
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            await self.start()

    def kill(self) -> None:
        """End the process at once; a kept one is started again."""
        self._signal(signal.SIGKILL)

    async def stop(self, seconds: float = LAST_WORDS) -> None:
        """Ask the process to end, and end it after ``seconds`` if it does not."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except asyncio.TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            try:
                self._process.send_signal(number)
            except ProcessLookupError:
                pass  # it ended by itself in between


def how_it_ended(code: int) -> str:
    """Give an exit code as people read it: ``1``, or the name of the signal."""
    return signal.Signals(-code).name if code < 0 else str(code)


def dies_with(parent: int) -> Callable[[], None]:
    """Give what a new process runs first: the kernel kills it when ``parent`` ends, however that ends."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel was told
            os._exit(1)

    return before_exec


async def until(
    ready: Callable[[], Awaitable[bool]],
    seconds: float,
    pause: float = 0.1,
    alive: Callable[[], bool] = lambda: True,
) -> bool:
    """Wait until ``ready`` says so; give up after ``seconds`` or when ``alive`` no longer does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        if await ready():
            return True
        await asyncio.sleep(pause)
    return False
