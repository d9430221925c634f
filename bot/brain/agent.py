"""Loads a trained model into Rasa's agent, with our stores and the actions in this process."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent

from bot.brain import patches
from bot.brain.faults import expected_cause
from bot.brain.in_process import InProcessActions
from bot.brain.locks import ConversationLocks
from bot.brain.parsing import Parser
from bot.brain.protocol import TurnRequest
from bot.brain.rasa_errors import RASA_ERRORS
from bot.brain.runner import StraightRunner
from bot.brain.trackers import ContextTrackerStore
from bot.brain.turns import take_turn
from bot.desk.errors import BrainError, DeskError
from bot.desk.messages import TurnResult


class Brain:
    """A loaded model that takes turns."""

    def __init__(self, agent: Agent, model: Path) -> None:
        self._agent = agent
        self._parser = Parser(agent.processor)
        self.model = model

    @classmethod
    def load(cls, model: Path, actions: str = "actions") -> Brain:
        """Load the model file and the package of ``actions``. Raises ``BrainError`` when one is unusable."""
        patches.apply()
        endpoint = InProcessActions(actions)
        try:
            agent = Agent.load(
                model,
                tracker_store=ContextTrackerStore(),
                lock_store=ConversationLocks(),
                action_endpoint=endpoint,
            )
        except RASA_ERRORS as error:
            raise _reason(error, model) from error
        agent.processor.graph_runner = StraightRunner(agent.processor.graph_runner)
        _check_actions(agent, endpoint)
        return cls(agent, model)

    async def turn(self, request: TurnRequest) -> TurnResult:
        """Take one turn. Raises ``TurnError``."""
        return await take_turn(self._agent, self._parser, request)


def _reason(error: Exception, model: Path) -> DeskError:
    """Give what one of our own components said (a bad catalogue), else that the model is unusable."""
    for_reader = f"无法读取模型文件 {model},请重新训练模型。"
    unusable = BrainError(f"no usable model at {model}: {type(error).__name__}", for_reader)
    return expected_cause(error) or unusable


def _check_actions(agent: Agent, endpoint: InProcessActions) -> None:
    missing = sorted(set(agent.domain.user_actions) - set(endpoint.names))
    if missing:
        raise BrainError(f"the domain names actions that do not exist: {', '.join(missing)}")
