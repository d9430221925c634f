"""Notes in the memory of one process, for commands that run beside the gateway."""

from __future__ import annotations

from collections.abc import Callable


class MemoryNotes:
    """See ``bot.channels.base.Notes``. ``clock`` is in seconds since the epoch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[str, float]] = {}

    async def get(self, name: str, sender: str = "") -> str | None:
        """Give the note, unless there is none or its time is over."""
        value, until = self._kept.get((sender, name), ("", 0.0))
        return value if until > self._clock() else None

    async def put(self, name: str, value: str, seconds: float, sender: str = "") -> None:
        """Keep the note for so long, instead of the one there was."""
        self._kept[sender, name] = value, self._clock() + seconds

    async def claim(self, name: str, value: str, seconds: float, sender: str = "") -> str:
        """Keep the note unless there is one; give the one that holds."""
        held = await self.get(name, sender)
        if held is None:
            await self.put(name, value, seconds, sender)
            return value
        return held

    async def drop(self, name: str, sender: str = "") -> None:
        """Keep the note no longer."""
        self._kept.pop((sender, name), None)
