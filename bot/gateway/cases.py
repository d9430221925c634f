"""What the gateway itself answers about handoffs: how far one has come, a rating, and silence."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy.engine import Connection

from bot.desk.enquiries import local_day
from bot.desk.errors import StorageError
from bot.desk.handoffs import CloseOutcome, Handoff
from bot.desk.messages import Outcome, Reply, TurnResult
from bot.desk.receipts import ALPHABET, LENGTH
from bot.desk.turns import PendingTurn
from bot.storage import handoffs, inbox
from bot.storage.casework import Casework
from bot.storage.database import Database

log = logging.getLogger(__name__)

_NUMBER = re.compile(rf"(?<![0-9A-Za-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9A-Za-z])", re.IGNORECASE)
LONGEST = 30  # characters beside the number; a longer message asks something of its own
RATE_WITHIN = 30 * 86400.0  # seconds after the end in which it can be rated
LOOKED_AT = 5  # handoffs of a conversation, the latest
TOLD_TO = "with_staff"  # in the context: the handoff whose person is known to get the messages


class Cases:
    """Answers that need the handoffs and no brain."""

    def __init__(
        self, database: Database, casework: Callable[[], Casework], clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._casework = casework
        self._clock = clock

    async def answer(self, turn: PendingTurn) -> TurnResult | None:
        """Give the turn when it is not the brain's: a person is in charge, a rating, a receipt number."""
        if turn.in_charge:
            return self._received(turn)
        score = self._casework().telling.score_of(turn.text)
        numbers = _numbers_in(turn.text)
        if score is None and not numbers:
            return None
        try:
            if score and await self._may_rate(turn, score.plain):
                return self._rated(turn, score.value)
            return await self._status_of(turn, numbers)
        except StorageError as error:
            log.warning("turn %d: the handoffs cannot be read: %s", turn.id, error)
            return None

    async def with_status(self, turn: PendingTurn, result: TurnResult) -> TurnResult:
        """Give the result with the status of the conversation's handoff, if that was asked for."""
        if not result.asks_status:
            return result
        try:
            handoff, ahead = await self._database.read(partial(_to_tell, conversation=turn.conversation))
        except StorageError as error:
            log.warning("turn %d: the handoffs cannot be read: %s", turn.id, error)
            return result
        reply = self._status(handoff, ahead) if handoff else self._casework().telling.none()
        buttons = result.replies[-1].quick_replies if handoff is None else ()
        return replace(result, replies=(replace(reply, quick_replies=buttons),))

    def _received(self, turn: PendingTurn) -> TurnResult:
        """Say nothing; but tell once that messages now reach a person."""
        told = turn.context.get(TOLD_TO) == turn.handoff
        replies = () if told else (self._casework().telling.received(),)
        context = {**turn.context, TOLD_TO: turn.handoff}
        return TurnResult(Outcome.HANDED_OFF, replies, context=context, explanation={"by": "staff"})

    def _rated(self, turn: PendingTurn, score: int) -> TurnResult:
        reply = self._casework().telling.rated(score)
        return TurnResult(Outcome.SMALL_TALK, (reply,), context=turn.context, rating=score)

    async def _may_rate(self, turn: PendingTurn, plain: bool) -> bool:
        return await self._database.read(partial(_may_rate, turn=turn, plain=plain))

    async def _status_of(self, turn: PendingTurn, numbers: list[str]) -> TurnResult | None:
        for number in numbers:
            found, ahead = await self._database.read(partial(_with_number, number=number))
            if found:
                return _told(turn, self._status(found, ahead))
        return None

    def _status(self, handoff: Handoff, ahead: int) -> Reply:
        return self._casework().telling.status(handoff, ahead, local_day(self._clock()))


def _told(turn: PendingTurn, reply: Reply) -> TurnResult:
    known = {"by": "handoffs", "asked": "status"}
    return TurnResult(Outcome.ANSWERED, (reply,), confidence=1.0, context=turn.context, explanation=known)


def _numbers_in(text: str) -> list[str]:
    """Give what may be receipt numbers in a message that asks for nothing else."""
    found = [number.upper() for number in _NUMBER.findall(text)]
    return found if len(text) <= LONGEST + LENGTH * len(found) else []


def _with_number(connection: Connection, number: str) -> tuple[Handoff | None, int]:
    handoff = handoffs.by_number(connection, number)
    return handoff, handoffs.ahead(connection, handoff.section, number) if handoff else 0


def _to_tell(connection: Connection, conversation: str) -> tuple[Handoff | None, int]:
    """Give the handoff that is meant by 「上次问的」: one that is open, or else the last one."""
    latest = handoffs.latest(connection, conversation, LOOKED_AT)
    meant = next((h for h in latest if h.open), latest[0] if latest else None)
    return meant, handoffs.ahead(connection, meant.section, meant.number) if meant else 0


def _may_rate(connection: Connection, turn: PendingTurn, plain: bool) -> bool:
    """Say whether the last handoff waits for a rating; a plain number must come right after its end."""
    for last in handoffs.latest(connection, turn.conversation):
        if last.open or last.closed_at is None or last.outcome is CloseOutcome.MERGED:
            return False
        if last.satisfaction is not None or turn.received_at - last.closed_at > RATE_WITHIN:
            return False
        return not (
            plain and inbox.wrote_since(connection, turn.conversation, last.closed_at, before=turn.id)
        )
    return False
