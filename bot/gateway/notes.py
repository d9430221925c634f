"""The notes of one channel, kept in the database; see ``bot.channels.base.Notes``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.storage import notes
from bot.storage.conversations import Party
from bot.storage.database import Database
from bot.storage.notes import Place


class ChannelNotes:
    """Notes under the name of a channel; who they are about stands in them as a pseudonym."""

    def __init__(
        self,
        database: Database,
        party: Callable[[str, str], Party],
        channel: str,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._party = party
        self._channel = channel
        self._clock = clock

    async def get(self, name: str, sender: str = "") -> str | None:
        """Give the note, unless there is none or its time is over."""
        return await self._database.read(
            partial(notes.get, place=self._place(name, sender), now=self._clock())
        )

    async def put(self, name: str, value: str, seconds: float, sender: str = "") -> None:
        """Keep the note for so long, instead of the one there was."""
        place, until = self._place(name, sender), self._clock() + seconds
        await self._database.write(partial(notes.put, place=place, value=value, until=until))

    async def claim(self, name: str, value: str, seconds: float, sender: str = "") -> str:
        """Keep the note unless there is one; give the one that holds."""
        place, now = self._place(name, sender), self._clock()
        claim = partial(notes.claim, place=place, value=value, until=now + seconds, now=now)
        return await self._database.write(claim, urgent=True)  # a push waits for it before it is taken in

    async def drop(self, name: str, sender: str = "") -> None:
        """Keep the note no longer."""
        await self._database.write(partial(notes.drop, place=self._place(name, sender)))

    def _place(self, name: str, sender: str) -> Place:
        about = self._party(self._channel, sender).enquirer if sender else ""
        return Place(self._channel, about, name)
