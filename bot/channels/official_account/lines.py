"""The platform's requests that wait for their answer: each is a line on which one reply can go back."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.channels.official_account.options import Patience

K = TypeVar("K")
T = TypeVar("T")

KEPT = 4096
# So many pushes in so many seconds are a busy time: then every push is acknowledged soon.
MANY, MANY_WITHIN = 8, 5.0
WRITTEN_WITHIN = 3.0
SHOWN_WITHIN = 0.3


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False)
class Line:
    """One request. ``text`` is what is to go back on it, ``written`` whether it did.

    ``silent`` tells that the turn is over and has nothing to say.
    """

    recipient: str
    message_id: str
    opened: float
    text: asyncio.Future[str | None] = field(default_factory=_future)
    written: asyncio.Future[bool] = field(default_factory=_future)
    silent: bool = False

    @property
    def free(self) -> bool:
        """Whether a reply can still be put on it."""
        return not self.text.done()

    def close(self) -> None:
        """Put nothing more on it."""
        if not self.text.done():
            self.text.set_result(None)

    def end(self) -> None:
        """The request has ended: what was not written by now never will be."""
        self.close()
        if not self.written.done():
            self.written.set_result(False)

    async def give(self, text: str) -> bool:
        """Send this back on the line. ``False``: whoever asked had gone."""
        self.text.set_result(text)
        done, _ = await asyncio.wait((self.written,), timeout=WRITTEN_WITHIN)
        return bool(done) and self.written.result()


class Lines:
    """All lines that are open, and what lately went back on which.

    A line is held for ``passive`` seconds. In a busy time it is let go after ``quick`` seconds with an empty
    acknowledgement: the answer then takes the platform's API. ``ticks`` gives steady seconds.
    """

    def __init__(self, patience: Patience, ticks: Callable[[], float]) -> None:
        self._patience = patience
        self._ticks = ticks
        self._open: dict[str, list[Line]] = {}
        self._asked: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._told: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._told_at: OrderedDict[str, float] = OrderedDict()
        self._latest: deque[float] = deque(maxlen=MANY)

    def open(self, recipient: str, message_id: str, came: float) -> Line:
        """Open a line for the answer to this message, whose request ``came`` then (steady seconds)."""
        line = Line(recipient, message_id, came)
        self._open.setdefault(recipient, []).append(line)
        _keep(self._asked, (recipient, message_id), line.opened)
        self._latest.append(line.opened)
        return line

    def close(self, line: Line) -> None:
        """The request has ended."""
        line.end()
        lines = self._open.get(line.recipient, [])
        if line in lines:
            lines.remove(line)
        if not lines:
            self._open.pop(line.recipient, None)

    async def wait(self, line: Line, patient: bool) -> str | None:
        """Wait for what goes back on the line. ``patient``: for the whole time, however busy it is."""
        quick, passive = self._patience.quick, self._patience.passive
        await self._until(line, line.opened + min(quick, passive))
        if line.free and (patient or not self._busy()):
            await self._until(line, line.opened + passive)
        line.close()
        return line.text.result()

    def free(self, recipient: str, message_id: str | None = None) -> Line | None:
        """Give the newest line of the recipient that is free, for this message if one is named."""
        lines = [line for line in self._open.get(recipient, ()) if line.free]
        return next((x for x in reversed(lines) if message_id in (None, x.message_id)), None)

    def release(self, recipient: str, message_id: str | None) -> None:
        """Close the lines on which nothing will come any more: the answer has gone another way."""
        for line in list(self._open.get(recipient, ())):
            if message_id in (None, line.message_id):
                line.close()

    def tell(self, line: Line, text: str) -> None:
        """Note what went back for a message: should its request be lost, the same goes back again."""
        _keep(self._told, (line.recipient, line.message_id), text)
        self._told_at.pop(line.recipient, None)
        _keep(self._told_at, line.recipient, self._ticks())

    async def shown(self, recipient: str) -> None:
        """Wait until what just went back on a line is surely shown: the API must not overtake it."""
        told = self._told_at.get(recipient)
        if told is not None:
            await asyncio.sleep(max(0.0, told + SHOWN_WITHIN - self._ticks()))

    def again(self, recipient: str, message_id: str) -> str | None:
        """Give what went back for a message that is pushed again because the platform got nothing in time.

        Pushed again sooner, nothing is given: what went out on an open line has arrived.
        """
        since = self._asked.get((recipient, message_id))
        if since is None or self._ticks() - since < self._patience.line:
            return None
        return self._told.get((recipient, message_id))

    async def _until(self, line: Line, moment: float) -> None:
        await asyncio.wait((line.text,), timeout=max(0.0, moment - self._ticks()))

    def _busy(self) -> bool:
        latest = self._latest
        return len(latest) == MANY and self._ticks() - latest[0] <= MANY_WITHIN


def _keep(known: OrderedDict[K, T], key: K, value: T) -> None:
    if key not in known:
        known[key] = value
    while len(known) > KEPT:
        known.popitem(last=False)
