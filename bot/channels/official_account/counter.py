"""What the handlers of one account share: its desk, its notes, and what was done for which push."""

from __future__ import annotations

from bot.channels.base import Desk, Notes
from bot.channels.official_account.consents import Consents
from bot.channels.official_account.door import WINDOW, Entry
from bot.channels.official_account.refusals import Refused

PROOF_KEPT = 2.0 * WINDOW + 60
EVENT_KEPT = 86400.0


class Counter:
    """What the handlers of one application share."""

    def __init__(self, desk: Desk, notes: Notes, consents: Consents) -> None:
        self.desk = desk
        self.notes = notes
        self.consents = consents

    async def prove(self, entry: Entry) -> None:
        """Let time stamp and nonce stand for one push only. Raises ``Refused`` and ``StorageError``.

        A retry repeats both, and is let in; another push under them is a forgery.
        """
        push = entry.push
        if await self.notes.claim(f"proof:{entry.proof}", push.digest, PROOF_KEPT) != push.digest:
            raise Refused("time stamp and nonce were used for another push")

    async def is_done(self, entry: Entry) -> bool:
        """Say whether what an event asks for was done when it came before."""
        return await self.notes.get(f"event:{entry.push.digest}") is not None

    async def done(self, entry: Entry) -> None:
        """Note that what an event asks for is done."""
        await self.notes.put(f"event:{entry.push.digest}", "done", EVENT_KEPT)
