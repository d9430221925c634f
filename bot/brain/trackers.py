"""A tracker store that keeps no history: a turn starts from its context and leaves one behind."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

CONTEXT_SLOT = "context"
REMEMBERED = 1000  # conversations


@dataclass
class OpenTurn:
    """The turn that the running task works on: the context it got, and what it left."""

    context: dict[str, Any]
    left: Any = None
    failures: list[str] = field(default_factory=list)


OPEN_TURN: ContextVar[OpenTurn | None] = ContextVar("open_turn", default=None)


class ContextTrackerStore(TrackerStore):
    """Builds a conversation's tracker anew for each turn from the slot ``context``.

    The context comes with the request (``OPEN_TURN``) and goes back with the answer, so that turn 500
    costs what turn 1 costs, any brain can take any turn, and a brain that dies takes nothing with it.
    Where no request brings a context (``rasa shell``, Rasa's own channels) the last contexts of
    ``REMEMBERED`` conversations are kept in memory instead.
    """

    def __init__(self, domain: Domain | None = None, event_broker: Any = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self._contexts: OrderedDict[str, Any] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """Give a tracker that listens, with the conversation's context in its slot."""
        turn = OPEN_TURN.get()
        context = turn.context if turn else self._contexts.get(sender_id)
        tracker = self.init_tracker(sender_id)
        tracker.update(ActionExecuted(ACTION_SESSION_START_NAME))
        if CONTEXT_SLOT in tracker.slots:
            tracker.update(SlotSet(CONTEXT_SLOT, context or None))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Hand the context to the open turn, or remember it when there is none. Events are let go."""
        context = tracker.current_slot_values().get(CONTEXT_SLOT)
        turn = OPEN_TURN.get()
        if turn:
            turn.left = context
            return
        self._contexts[tracker.sender_id] = context
        self._contexts.move_to_end(tracker.sender_id)
        if len(self._contexts) > REMEMBERED:
            self._contexts.popitem(last=False)

    async def keys(self) -> Iterable[str]:
        """Give the conversations that are remembered."""
        return tuple(self._contexts)
