"""Answers when no brain does: from the catalogue search alone, or with the promise that staff will."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.desk.errors import DeskError
from bot.desk.handoffs import ASSISTANT_FAILED
from bot.desk.messages import Outcome, Reply, TurnResult
from bot.desk.turns import PendingTurn
from bot.gateway.topics import Topics
from bot.gateway.turns import receipt_of

log = logging.getLogger(__name__)

# Text (masked), context and receipt number to a result; None when there is nothing to say.
Answer = Callable[[str, Mapping[str, Any], str], TurnResult | None]
PATIENCE = 3.0


class Fallback:
    """What is said without a brain. ``answer`` is a pure function, run in a thread."""

    def __init__(self, topics: Topics, answer: Answer | None = None, patience: float = PATIENCE) -> None:
        self._topics = topics
        self._answer = answer
        self._patience = patience

    async def answer(self, turn: PendingTurn, cause: str) -> TurnResult:
        """Give the answer of the search, or the promise. Never raises: somebody is waiting."""
        found = await self._search(turn) if self._answer else None
        if found is None or not found.replies:
            return self.promise(turn, cause)
        return replace(found, explanation={**found.explanation, "by": "search", "cause": cause})

    def promise(self, turn: PendingTurn, cause: str) -> TurnResult:
        """Give the promise that staff will answer."""
        told = self._topics.promise(receipt_of(turn), failed=True)
        return TurnResult(
            outcome=Outcome.HANDED_OFF,
            replies=(Reply(told),),
            context=turn.context,
            explanation={"by": "promise", "cause": cause},
            hand_off=ASSISTANT_FAILED,
        )

    async def _search(self, turn: PendingTurn) -> TurnResult | None:
        if self._answer is None:
            return None
        call = asyncio.to_thread(self._answer, turn.text, turn.context, receipt_of(turn))
        try:
            return await asyncio.wait_for(call, self._patience)
        except asyncio.TimeoutError:
            log.error("the search took longer than %s s", self._patience)
        except DeskError as error:
            log.error("the search failed: %s", error)
        except Exception as error:
            # The last line: whatever went wrong, the enquirer gets the promise. Not the error's text, which
            # may repeat theirs.
            log.error("the search failed: %s", type(error).__name__)
        return None
