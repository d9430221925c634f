"""The desk as channels see it: messages in, results and replies out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

from sqlalchemy.engine import Connection

from bot.channels.base import Notes, Receipt, TranscriptLine
from bot.desk.messages import InboundMessage, OutboundMessage, TurnResult
from bot.gateway.intake import Intake
from bot.gateway.notes import ChannelNotes
from bot.gateway.results import Results
from bot.storage import forgetting, inbox, notes, outbox, pictures
from bot.storage.database import Database
from bot.storage.pictures import Picture
from bot.storage.transcripts import transcript

# A turn may end in another process: so often we look whether it has.
LOOK_EVERY = 0.5


class GatewayDesk:
    """What the gateway offers to every channel; see ``bot.channels.base.Desk``."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        results: Results,
        nudge: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._intake = intake
        self._results = results
        self._nudge = nudge
        self._clock = clock

    async def accept(self, message: InboundMessage) -> Receipt:
        """Commit the message to the inbox, then return. Raises ``MessageError`` and ``StorageError``."""
        receipt = await self._intake.accept(message)
        if not receipt.repeated:
            self._results.expect(receipt.id)
        return receipt

    async def result(self, receipt: Receipt, timeout: float) -> TurnResult | None:
        """Wait up to ``timeout`` seconds for what the turn came to; ``None`` when it is not ready."""
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            ours = self._results.expected(receipt.id)
            result = await self._results.wait(receipt.id, max(0.0, min(left, LOOK_EVERY))) if ours else None
            result = result or await self._database.read(partial(inbox.result_of, message=receipt.id))
            left = end - time.monotonic()
            if result is not None or left <= 0:
                return result
            if not ours:
                await asyncio.sleep(min(left, LOOK_EVERY / 5))

    async def transcript(self, channel: str, sender: str, limit: int = 200) -> list[TranscriptLine]:
        """Give the last lines of the sender's conversation, oldest first; what they typed is masked."""
        read = partial(transcript, conversation=self._conversation(channel, sender), most=limit)
        return [TranscriptLine(**vars(line)) for line in await self._database.read(read)]

    async def outgoing(self, channel: str, sender: str, after: int) -> list[OutboundMessage]:
        """Give the replies with an id above ``after``, in order, delivered before or not."""
        conversation = self._conversation(channel, sender)
        return await self._database.read(partial(outbox.after, conversation=conversation, last=after))

    async def answered(self, receipt: Receipt) -> None:
        """Mark the replies to this message as delivered."""
        await self._database.write(partial(outbox.answered, message=receipt.id, now=self._clock()))

    async def acknowledged(self, channel: str, sender: str, up_to: int) -> None:
        """Mark the replies up to this id as delivered."""
        conversation = self._conversation(channel, sender)
        mark = partial(outbox.acknowledge, conversation=conversation, up_to=up_to, now=self._clock())
        await self._database.write(mark, conversation)

    async def hurry(self, channel: str, sender: str) -> int:
        """Have what waits for the sender tried at once. Gives how much waits."""
        conversation = self._conversation(channel, sender)

        def work(connection: Connection) -> int:
            outbox.flush(connection, conversation, self._clock())
            return len(outbox.due(connection, conversation))

        waiting = await self._database.write(work, conversation)
        if waiting:
            self._nudge(conversation)
        return waiting

    async def forget(self, channel: str, sender: str) -> None:
        """Delete what is known of the sender. What was counted stays counted."""
        party = self._intake.party(channel, sender)

        def work(connection: Connection) -> None:
            if not forgetting.forget(connection, party.conversation, self._clock()):
                notes.forget(connection, party.channel, party.enquirer)  # who never wrote may have notes

        await self._database.write(work, party.conversation)

    async def told(self, first: int, last: int) -> list[str]:
        """Give the texts of the bot's replies of one conversation from the id ``first`` to ``last``."""
        return await self._database.read(partial(outbox.told, first=first, last=last))

    async def keep_picture(self, receipt: Receipt, kind: str, content: bytes) -> bool:
        """Keep the picture that a message was, for staff."""
        picture, now = Picture(kind, content), self._clock()
        return await self._database.write(partial(pictures.put, message=receipt.id, picture=picture, now=now))

    def stamp(self, *parts: str) -> str:
        """Give a mark on these words that only this deployment can make."""
        return self._intake.stamp(*parts)

    def notes(self, channel: str) -> Notes:
        """Give the channel's notes."""
        return ChannelNotes(self._database, self._intake.party, channel, self._clock)

    def _conversation(self, channel: str, sender: str) -> str:
        return self._intake.party(channel, sender).conversation
