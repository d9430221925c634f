"""The platform's requests that wait for their answer: each is a line on which one reply can go back."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.channels.official_account.options import Patience
from bot.channels.official_account.rush import CROWD, Rush

K = TypeVar("K")
T = TypeVar("T")

KEPT = 4096
WRITTEN_WITHIN = 3.0
SHOWN_WITHIN = 0.3


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False)
class Line:
    """One request. ``text`` is what is to go back on it, ``written`` whether it did.

    ``patient``: it is held for the whole time even in a rush. ``silent`` tells that the turn is over and has
    nothing to say, ``crowded`` that it was let go because too many others came at once.
    """

    recipient: str
    message_id: str
    opened: float
    patient: bool = False
    text: asyncio.Future[str | None] = field(default_factory=_future)
    written: asyncio.Future[bool] = field(default_factory=_future)
    silent: bool = False
    crowded: bool = False

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

    A line is held for ``passive`` seconds, in a rush for ``quick`` seconds, and in a crowd not at all. Then
    it is let go with an empty acknowledgement, and the answer takes the platform's API. ``ticks`` gives
    steady seconds.
    """

    def __init__(self, patience: Patience, ticks: Callable[[], float]) -> None:
        self._patience = patience
        self._ticks = ticks
        self._open: dict[str, list[Line]] = {}
        self._asked: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._told: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._told_at: OrderedDict[str, float] = OrderedDict()
        self._questions: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._rush = Rush(patience.quick)

    def open(self, recipient: str, message_id: str, came: float, patient: bool = False) -> Line:
        """Open a line for the answer to this message, whose request ``came`` then (steady seconds)."""
        line = Line(recipient, message_id, came, patient)
        self._open.setdefault(recipient, []).append(line)
        _keep(self._asked, (recipient, message_id), came)
        self._let_go(came)
        return line

    def asks(self, line: Line) -> None:
        """Its message is a question: how soon that is answered tells how busy we are."""
        _keep(self._questions, (line.recipient, line.message_id), line.opened)

    def ready(self, recipient: str, message_id: str) -> None:
        """The answer to a message is ready to go out."""
        since = self._questions.pop((recipient, message_id), None)
        if since is not None:
            self._rush.answered(self._ticks() - since)

    def close(self, line: Line) -> None:
        """The request has ended."""
        line.end()
        lines = self._open.get(line.recipient, [])
        if line in lines:
            lines.remove(line)
        if not lines:
            self._open.pop(line.recipient, None)

    async def wait(self, line: Line) -> str | None:
        """Wait for what goes back on the line."""
        quick, passive = self._patience.quick, self._patience.passive
        await self._until(line, line.opened + min(quick, passive))
        if line.free and (line.patient or not self._rush.on):
            await self._until(line, line.opened + passive)
            if line.free and passive > quick:
                self._rush.in_vain()
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

    def _let_go(self, now: float) -> None:
        """Let go of the lines that are not to be held any longer, now that one more has come."""
        waiting = [line for lines in self._open.values() for line in lines if line.free]
        messages = len({(line.recipient, line.message_id) for line in waiting})
        self._rush.comes(messages, now)
        for line in waiting:
            if not line.patient and self._rush.on:
                line.crowded = messages > CROWD
                if line.crowded or now - line.opened >= self._patience.quick:
                    line.close()


def _keep(known: OrderedDict[K, T], key: K, value: T) -> None:
    if key not in known:
        known[key] = value
    while len(known) > KEPT:
        known.popitem(last=False)
